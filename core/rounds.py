"""A tick that many call at once: one round at a time in a process, and no thread waits for it."""

import threading
from collections.abc import Callable


class Rounds:
    """Who comes during a round is served by one more after it."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._wanted = threading.Event()

    def want(self) -> None:
        """One more round after this one."""
        self._wanted.set()

    def run(self, once: Callable[[], None]) -> None:
        self._wanted.set()
        while self._wanted.is_set() and self._busy.acquire(blocking=False):
            try:
                self._wanted.clear()
                once()
            finally:
                self._busy.release()
