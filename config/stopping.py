"""Hears Ctrl-C, SIGTERM and a closed terminal, wherever the start or the run happens to be."""

from __future__ import annotations

import signal
from types import FrameType

AGAIN_AFTER = 0.5


class Stopped(BaseException):
    """Somebody asked us to stop; not an error, so nothing that handles errors may swallow it."""


class Stopping:
    """Raises `Stopped` in the main thread, and again until it was heard.

    Once is not enough: what a signal handler raises while a destructor or a fork hook happens to
    run is printed and forgotten by Python.
    """

    def __init__(self) -> None:
        self.heard = False

    def listen(self) -> None:
        wanted = [signal.SIGINT, signal.SIGTERM, signal.SIGALRM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup outlives its terminal
            wanted.append(signal.SIGHUP)
        for number in wanted:
            signal.signal(number, self._ask)

    def hear(self) -> None:
        """No more of it. Python gives up its handlers before the process ends: a late alarm would kill it."""
        self.heard = True
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if not self.heard:
            signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER)
            raise Stopped
