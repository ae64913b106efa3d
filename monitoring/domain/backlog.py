"""What waits to be stored while it cannot be: so much, and of more the oldest goes first."""

from collections import deque
from collections.abc import Sequence

from monitoring.domain.samples import Point


class Backlog:
    def __init__(self, most: int) -> None:
        self.most, self.waiting, self.dropped = most, 0, 0
        self._batches = deque[Sequence[Point]]()

    def add(self, points: Sequence[Point]) -> None:
        if points:
            self._batches.append(points)
            self.waiting += len(points)
        while self.waiting > self.most and len(self._batches) > 1:
            self.dropped += len(self._batches[0])
            self.take()

    def first(self) -> Sequence[Point]:
        """The batch to store next, and to `take` when it is; empty when nothing waits."""
        return self._batches[0] if self._batches else ()

    def take(self) -> None:
        self.waiting -= len(self._batches.popleft())
