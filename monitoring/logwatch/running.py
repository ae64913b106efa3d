"""A process that watches until it is asked to end, and waits while another one does."""

import signal
import threading
from types import FrameType
from typing import Final

from monitoring.logwatch.watcher import AnotherWatches, Watcher

WAIT: Final = 5.0  # seconds


def watch() -> int:
    asked, watchers = threading.Event(), list[Watcher]()

    def leave(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        for one in watchers:
            one.leaving = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    while not asked.is_set():
        watchers[:] = [Watcher()]
        try:
            watchers[0].run()
        except AnotherWatches:
            watchers[0].close()
            asked.wait(WAIT)
    return 0
