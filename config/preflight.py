"""What can be known before anything starts, said in one sentence while it is still easy to act on."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.children import BASE
from config.cluster import StartError
from config.options import MAIL_OFFSET, Options
from config.telling import Say

OLDEST, NEWEST = (3, 11), (3, 13)
NEEDED_SPACE = 500 * 1024 * 1024

DRAWING = ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0")
SUBSETTING = ("libharfbuzz-subset.so.0",)
DEBIAN = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
COMMANDS = {
    "apt-get": f"apt-get install {' '.join(DEBIAN)}",
    "dnf": "dnf install pango harfbuzz",
    "apk": "apk add pango harfbuzz-subset",
    "pacman": "pacman -S pango",
    "brew": "brew install pango",
}
# In a process of its own: the libraries would stay loaded in the supervisor.
LOADS = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


def check_python() -> None:
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST:
        found = ".".join(map(str, version))
        raise StartError(
            f"This is Python {found}; Bongsu runs on 3.11, 3.12 and 3.13: install one of them, "
            "remove .venv and start again."
        )


def make_home(home: Path) -> None:
    try:
        (home / "run").mkdir(parents=True, exist_ok=True)
        (home / "run" / "lock").open("a").close()
    except OSError as problem:
        raise StartError(
            f"{home} cannot be written ({problem.strerror}): "
            "run as its owner, or choose another folder with BONGSU_HOME."
        ) from problem


def check_space(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < NEEDED_SPACE:
        raise StartError(
            f"Only {free // 2**20} MB are free on the disk of {home}, 500 are needed: "
            "make room, or choose another disk with BONGSU_HOME."
        )


def check_ports(options: Options) -> None:
    ours: dict[int, tuple[str, str]] = {}
    for host, port, variable, purpose in _ports(options):
        # Two trials may hold one port as long as nobody listens: only we know of the other.
        if port in ours:
            before, other = ours[port]
            raise StartError(
                f"Port {port} is asked for twice, for {other} and for {purpose}: "
                f"choose another {before} or {variable}."
            )
        ours[port] = variable, purpose
        _check_port(host, port, variable, purpose)


def _ports(options: Options) -> Iterator[tuple[str, int, str, str]]:
    yield options.bind, options.port, "PORT", "the portal"
    if options.sandbox:
        pages, mail = options.sandbox_port, options.sandbox_port + MAIL_OFFSET
        yield "127.0.0.1", pages, "SANDBOX_PORT", "the sandbox"
        yield "127.0.0.1", mail, "SANDBOX_PORT", f"the sandbox's mail ({pages} + 25)"
    if options.statsd_port:
        yield "127.0.0.1", options.statsd_port, "BONGSU_STATSD_PORT", "StatsD"


def _check_port(host: str, port: int, variable: str, purpose: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        # As the servers do: a port that is only cooling down after a stop is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            taken = problem.errno == errno.EADDRINUSE
            reason = "is taken" if taken else f"cannot be used ({problem.strerror})"
            raise StartError(
                f"Port {port} for {purpose} {reason}: stop what uses it, or choose another, "
                f"for example `{variable}={_another(port)} make run`."
            ) from problem


def _another(port: int) -> int:
    """Below 1024 are root's."""
    return port + 100 if 1024 <= port < 65000 else 8000


def look_for_pdf_libraries(say: Say) -> None:
    """PDFs need Pango; everything else works without, so this only warns."""
    if sys.platform != "linux" or not _missing(*DRAWING, *SUBSETTING):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing what PDFs need: {' '.join(DEBIAN)}")
        script = BASE / "scripts" / "system-packages.sh"
        subprocess.run([script, *DEBIAN], stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if _missing(*DRAWING):
        say(f"PDFs are unavailable: Pango is missing. {_remedy()}")
    elif _missing(*SUBSETTING):
        say(f"PDFs will be slow (11 s instead of 2): harfbuzz-subset is missing. {_remedy()}")


def _missing(*libraries: str) -> list[str]:
    tried = [sys.executable, "-S", "-c", LOADS, *libraries]
    return subprocess.run(tried, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603


def _remedy() -> str:
    for program, command in COMMANDS.items():
        if shutil.which(program):
            root = "" if program == "brew" or os.geteuid() == 0 else "sudo "
            return f"Install it with `{root}{command}` and start again."
    return "Install Pango and HarfBuzz with your system's package manager and start again."
