"""Commands that have to clear away what they began, however they are ended."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OVER: Final = 128  # and the number of the signal: so ends a command that one has ended


@contextmanager
def in_order() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a terminal that is gone leave this block by SystemExit; once, as clearing away takes its time."""
    before = {number: signal.getsignal(number) for number in ENDS}
    wanted = [number for number in ENDS if before[number] is not signal.SIG_IGN]  # nohup

    def end(number: int, _frame: FrameType | None) -> None:
        for each in wanted:
            signal.signal(each, signal.SIG_IGN)
        sys.stderr.write("Stopping, and clearing away what was begun …\n")
        raise SystemExit(OVER + number)

    for number in wanted:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in wanted:
            signal.signal(number, before[number])
