"""A wake-up for a tick, so that nobody waits for the sweep. Losing one costs at most that wait."""

import logging
import os
import threading
import time
from typing import Final

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

QUIET: Final = 0.05  # seconds between two wake-ups of one tick from one process
AFTER_PAGES: Final = (
    0.5  # seconds that what need not be at once leaves to the pages of the same cause
)


class _Publisher:
    """Sends from a thread of its own: a slow or absent broker never delays a request.

    Wake-ups that come while one is on its way, or in the quiet time after it, become a single
    later one; the last is never dropped, or the rows it announces would wait for the sweep.
    """

    def __init__(self) -> None:
        self._due: dict[str, float] = {}  # by task
        self._bell = threading.Condition()
        threading.Thread(target=self._run, name="nudge", daemon=True).start()

    def want(self, task: str, after: float) -> None:
        due = time.monotonic() + after
        with self._bell:
            self._due[task] = min(due, self._due.get(task, due))
            self._bell.notify()

    def _run(self) -> None:
        while True:
            for task in self._next():
                self._send(task)
            time.sleep(QUIET)

    def _next(self) -> list[str]:
        """Which are due; waits until one is."""
        with self._bell:
            while True:
                now = time.monotonic()
                if ready := [task for task, due in self._due.items() if due <= now]:
                    for task in ready:
                        del self._due[task]
                    return ready
                soonest = min(self._due.values(), default=None)
                self._bell.wait(None if soonest is None else soonest - now)

    def _send(self, task: str) -> None:
        try:
            current_app.send_task(task, expires=30, retry=False)
        except Exception as error:  # whatever the broker is, the sweep makes up for it
            log.warning("no wake-up for %s, the sweep will do it: %s", task, error)


_publishers: dict[int, _Publisher] = {}  # by process: a thread does not survive a fork
_guard = threading.Lock()


def nudge(task: str, *, after: float = 0.0) -> None:
    """Run the tick of this name soon after the current transaction commits; `after` so many seconds."""
    transaction.on_commit(lambda: _publisher().want(task, after))


def _publisher() -> _Publisher:
    with _guard:
        if os.getpid() not in _publishers:
            _publishers[os.getpid()] = _Publisher()
        return _publishers[os.getpid()]
