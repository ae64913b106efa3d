"""How crowded the machine is: by how much a little work takes longer than it has to."""

import threading
import time
from types import TracebackType
from typing import Self

WORK, EVERY = 0.002, 0.2  # seconds


class Crowd:
    """`stretch` is 1 on a machine that has time, and 3 where each is one of three."""

    def __init__(self) -> None:
        self.took = self.worked = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    @property
    def stretch(self) -> float:
        return self.took / self.worked if self.worked else 1.0

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.over.wait(EVERY):
            began, working = time.monotonic(), time.thread_time()
            while time.thread_time() < working + WORK:
                pass
            self.took += time.monotonic() - began
            self.worked += time.thread_time() - working
