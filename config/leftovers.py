"""What a supervisor that was killed left running, found and ended by the next start."""

from __future__ import annotations

from pathlib import Path

import psutil

from config.children import MARK

PATIENCE = 5.0


def end(home: Path) -> int:
    """End every process marked as supervised in this home, and say how many there were.

    The mark is in their environment, so that a process number the system has given to somebody
    else is never hit, and helpers whose own parent died are found too. Only whoever holds the
    home's lock may ask: no other supervisor is alive then. PostgreSQL's server, whose safe end is
    another signal, is left to its own module.
    """
    found = [process for process in psutil.process_iter() if _is_marked(process, str(home))]
    for process in found:
        _signal(process, force=False)
    _, stubborn = psutil.wait_procs(found, timeout=PATIENCE)
    for process in stubborn:
        _signal(process, force=True)
    psutil.wait_procs(stubborn, timeout=PATIENCE)
    return len(found)


def _is_marked(process: psutil.Process, home: str) -> bool:
    try:
        return bool(process.environ().get(MARK) == home and process.name() != "postgres")
    except (psutil.Error, OSError):
        return False  # gone, or somebody else's


def _signal(process: psutil.Process, *, force: bool) -> None:
    try:
        process.kill() if force else process.terminate()
    except psutil.Error:
        return
