"""How soon a process that ended is started again."""

from __future__ import annotations

import signal
from typing import Final

FIRST: Final = 0.2
LONGEST: Final = 5.0  # a page may wait ten seconds in all
STEADY_AFTER: Final = 60.0


class Pause:
    """Doubles while the process keeps failing young.

    One that was killed from outside has shown no fault of its own, and neither has one that ran for
    a while: these are back after the first pause.
    """

    def __init__(self) -> None:
        self._next = FIRST

    def after(self, ending: int, *, lived: float) -> float:
        """Seconds to wait; `ending` is an exit code, or a signal's number below zero."""
        if ending == -signal.SIGKILL or lived > STEADY_AFTER:
            self._next = FIRST
        pause, self._next = self._next, min(self._next * 2, LONGEST)
        return pause
