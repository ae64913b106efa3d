"""Child processes that do not outlive the one who started them."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
MARK = "BONGSU_SUPERVISED_IN"
PR_SET_PDEATHSIG = 1
SECRET = {"TRON_KEY"}  # of one process, which asks for it


def environment(home: Path) -> dict[str, str]:
    """The marked environment by which a later start recognises what a killed one left behind.

    glibc would keep a heap for every few threads, and none gives back what another could use.
    """
    heaps = {"MALLOC_ARENA_MAX": "2"}
    ours = {name: value for name, value in os.environ.items() if name not in SECRET}
    return {**heaps, **ours, "BONGSU_HOME": str(home), MARK: str(home)}


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    output: int,
    errors: int = subprocess.STDOUT,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[str]:
    """Start a command in a session of its own: the terminal's Ctrl-C reaches the supervisor only."""
    return subprocess.Popen(  # noqa: S603 - our own command lines, never a shell
        command,
        cwd=BASE,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=dies_with_parent(farewell),  # noqa: PLW1509 - the supervisor has one thread
    )


def ask_to_end(child: subprocess.Popen[str]) -> None:
    """Signal the leader only: granian and celery end their own helpers in good order."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()


def wait_or_kill(child: subprocess.Popen[str], *, within: float) -> None:
    try:
        child.wait(timeout=max(within, 0.05))
    except subprocess.TimeoutExpired:
        child.kill()
    sweep(child)


def sweep(child: subprocess.Popen[str]) -> None:
    """End what is left of the child's group; a dead leader's helpers could still hold its port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def tell(note: Path, pids: Mapping[str, int]) -> None:
    """For people and tests who want to look at one process; nothing of ours reads it."""
    fresh = note.with_suffix(".new")
    with contextlib.suppress(OSError):
        fresh.write_text(json.dumps(pids, indent=1))
        fresh.replace(note)


def command_line(pid: int) -> list[str]:
    """The arguments a process was started with; empty when there is no such process."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        return []
    shown = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(shown, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603


def dies_with_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    """Linux can signal a child when its parent dies, even by `kill -9`; elsewhere the mark helps."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return before_exec
