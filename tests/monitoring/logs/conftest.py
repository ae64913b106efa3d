import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from monitoring.logwatch.watcher import Watcher
from monitoring.models import LogPattern, LogSource


class Clock:
    def __init__(self) -> None:
        self.at = float(int(time.time()))

    def __call__(self) -> float:
        return self.at


class Watch:
    """The watcher, a round at a time, at moments of our choice."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.watcher = Watcher(self.clock)

    def __call__(self, seconds: float = 2.0) -> None:
        """All that is there, then what was not whole yet, then the write."""
        while self.watcher.round():
            pass
        self.clock.at += seconds
        while self.watcher.round():
            pass
        self.clock.at += seconds
        self.watcher.round()

    def dies(self) -> None:
        """As by a signal that nobody can catch: nothing is written any more. Its successor begins."""
        self.watcher.close()
        self.watcher = Watcher(self.clock)


@pytest.fixture
def watch(db: None) -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.watcher.close()
    with connection.cursor() as cursor:  # the next test is another session
        cursor.execute("SELECT pg_advisory_unlock_all()")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


@pytest.fixture
def source(db: None, log: Path) -> LogSource:
    return LogSource.objects.create(name="app", place=str(log), from_start=True)


@pytest.fixture
def pattern(db: None) -> LogPattern:
    """Counts the lines that came: each is one match."""
    return LogPattern.objects.create(name_ko="failed", text="failed", severity="P2")


@pytest.fixture
def counted(source: LogSource) -> Callable[[], tuple[int, int]]:
    """Lines, and those of them that failed."""

    def count() -> tuple[int, int]:
        source.refresh_from_db()
        return source.lines, sum(source.findings.values_list("count", flat=True))

    return count
