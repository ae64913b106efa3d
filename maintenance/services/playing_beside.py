"""The worker's side of a game day: the command that plays it, in a process of its own.

It listens to the pipe from us: when we end, however that is, it puts back what it broke and ends too.
"""

import contextlib
import os
import signal
import subprocess
import sys
from typing import Final

from django.conf import settings

from maintenance.services.playing import work_left

LONGEST: Final = 1_200.0  # seconds; each scenario has a shorter bound of its own
PATIENCE: Final = 60.0  # for putting everything back


def play_due() -> None:
    if work_left():
        _play()


def _play() -> None:
    child = subprocess.Popen(  # noqa: S603 - our own command line, never a shell
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "gameday", "--asked"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(LONGEST)
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
