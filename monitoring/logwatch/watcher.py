"""Follows all logs in one thread, in turns, and writes what it found every moment.

Files wait where they are when the database is away; what is counted meanwhile is bounded by
patterns and templates, so the readings themselves are the buffer.
"""

import logging
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.db.models import Count, Max

from monitoring.domain.logs.reading import Reading
from monitoring.logwatch import loading
from monitoring.logwatch.feed import Feed, HasFile, Trouble
from monitoring.models import LogPattern, LogSource
from monitoring.services.log_reports import Report, forget_place, write_reports

PAUSE: Final = 0.25  # seconds between looks at files that grow
WRITE_EVERY: Final = 1.0
REST_EVERY: Final = 10.0  # when there is nothing to write but that we live
LOAD_EVERY: Final = 3.0
AGAIN: Final = 2.0  # after the database failed
LOCK: Final = 0x10C5  # one watcher of a database: the place of each log is one
MINUTES: Final = 600  # counted while the database is away
log = logging.getLogger(__name__)


@dataclass
class Followed:
    source: LogSource
    feed: Feed
    told: dict[str, int] = field(default_factory=lambda: {"lost": 0, "cut": 0})
    minutes: dict[int, tuple[int, int]] = field(default_factory=dict)
    reported: tuple[Any, ...] = ()

    @property
    def reading(self) -> Reading:
        return self.feed.reading


class AnotherWatches(Exception):
    """Some other process follows the logs of this database."""


class Watcher:
    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.followed: dict[int, Followed] = {}
        self.leaving = False
        self._version: tuple[Any, ...] = ()
        self._load_at = self._write_at = 0.0
        self._rest_at = 0.0
        self._failing = False

    def run(self) -> None:
        """Until `leaving`. `AnotherWatches` when there is one already."""
        with selectors.DefaultSelector() as selector:
            while not self.leaving:
                if not self.round():
                    self._sleep(selector)
        self.end()

    def round(self) -> bool:
        """A piece of each log. True: there is more to read at once."""
        at = self.now()
        if at >= self._load_at:
            self._guarded(self.load, at)
        more = False
        for one in self.followed.values():
            more |= self._step(one, at)
        if at >= self._write_at:
            self._guarded(self.write, at)
        return more

    def load(self, at: float) -> None:
        self._load_at = at + LOAD_EVERY
        self._hold_lock()
        version = _version()
        if version == self._version:
            return
        patterns = loading.patterns()
        sources = {source.pk: source for source in LogSource.objects.filter(enabled=True)}
        for pk in list(self.followed):
            moved = pk in sources and _feeding(sources[pk]) != _feeding(self.followed[pk].source)
            if moved or pk not in sources:
                self._let_go(pk, at)
            if moved:  # another place: how far the old one was read says nothing of it
                forget_place(pk)
                sources[pk].refresh_from_db()
        for pk, source in sources.items():
            looked_for = loading.of_source(patterns, source)
            if pk in self.followed:
                self.followed[pk].source = source
                self.followed[pk].reading.adopt(looked_for, at=at)
            else:
                self.followed[pk] = Followed(source, loading.feed_of(source, looked_for, at=at))
        self._version = version

    def write(self, at: float) -> None:
        self._write_at = at + WRITE_EVERY
        resting = at >= self._rest_at
        chosen = [one for one in self.followed.values() if resting or self._has_news(one, at)]
        if chosen or resting:
            self._report(chosen, at)
        if resting:
            self._rest_at = at + REST_EVERY

    def end(self) -> None:
        at = self.now()
        self._guarded(lambda when: self._report(list(self.followed.values()), when), at)
        self.close()

    def close(self) -> None:
        """Nothing more is written: the next one goes on where the rows end."""
        for one in self.followed.values():
            one.feed.close()
        self.followed.clear()

    def _report(self, chosen: list[Followed], at: float) -> None:
        for one in chosen:
            one.reading.settle(at=at)
        reports = [self._report_of(one, at) for one in chosen]
        numbers = write_reports(reports, at=datetime.fromtimestamp(at, UTC))
        for one, report in zip(chosen, reports, strict=True):
            for episode in report.episodes:
                episode.pk = numbers.get(id(episode), episode.pk)
            for mined in report.mined:
                mined.template.written = mined.template.text
            one.reading.written(at=at)
            one.reading.lines -= report.lines
            one.reading.errors -= report.errors
            one.told = {"lost": one.feed.lost, "cut": one.feed.cut}
            for minute in report.minutes:
                del one.minutes[minute]
            one.feed.written()

    def _report_of(self, one: Followed, at: float) -> Report:
        reading, feed, this = one.reading, one.feed, int(at // 60)
        return Report(
            source=one.source.pk,
            lines=reading.lines,
            errors=reading.errors,
            last_at=reading.last_at,
            lost=max(0, feed.lost - one.told["lost"]),
            cut=max(0, feed.cut - one.told["cut"]),
            lag_seconds=feed.lag(at),
            lag_bytes=feed.unread(),
            trouble=str(feed.trouble or ""),
            cursor=feed.cursor,
            episodes=list(reading.episodes.values()),
            mined=list(reading.mined.values()),
            positions=feed.positions(),
            batches=feed.read_batches(),
            minutes={minute: said for minute, said in one.minutes.items() if minute < this},
        )

    def _has_news(self, one: Followed, at: float) -> bool:
        """Also a minute that is over, of which nothing was read."""
        reading = one.reading
        reading.settle(at=at)
        return bool(
            reading.lines
            or reading.mined
            or str(one.feed.trouble or "") != one.source.trouble
            or any(episode.is_news for episode in reading.episodes.values())
            or any(minute < int(at // 60) for minute in one.minutes)
        )

    def _step(self, one: Followed, at: float) -> bool:
        reading = one.reading
        lines, errors = reading.lines, reading.errors
        try:
            return one.feed.step(at)
        except DatabaseError:
            self._fail(at)
            return False
        except Exception as fault:  # one log must not take the others with it
            if one.feed.trouble is None:
                log.exception("the log %s cannot be read", one.source.name)
            one.feed.trouble = Trouble("unreadable", str(fault))
            return False
        finally:
            counted = one.minutes.get(int(at // 60), (0, 0))
            grown = reading.lines - lines, reading.errors - errors
            one.minutes[int(at // 60)] = (counted[0] + grown[0], counted[1] + grown[1])
            if len(one.minutes) > MINUTES:
                one.minutes.pop(next(iter(one.minutes)))

    def _let_go(self, pk: int, at: float) -> None:
        """What was found is written before its feed goes, and whatever is open is over."""
        one = self.followed[pk]
        one.reading.adopt(loading.of_source([], one.source), at=at)
        one.feed.trouble = None
        self._report([one], at)
        one.feed.close()
        del self.followed[pk]

    def _hold_lock(self) -> None:
        """Of the session: it is free again when we die, or when the database does."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
                " AND classid = 0 AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
                [LOCK, LOCK],
            )
            if not cursor.fetchone()[0]:
                raise AnotherWatches

    def _guarded(self, job: Callable[[float], None], at: float) -> None:
        try:
            job(at)
        except DatabaseError:
            self._fail(at)
        else:
            self._failing = False

    def _fail(self, at: float) -> None:
        """Read on, and try again later; said once."""
        if not self._failing:
            log.exception("the database is away: what was found is kept until it is back")
        self._failing = True
        self._load_at, self._write_at = at + AGAIN, at + AGAIN
        close_old_connections()

    def _sleep(self, selector: selectors.BaseSelector) -> None:
        wanted: dict[int, HasFile] = {
            handle.fileno(): handle
            for one in self.followed.values()
            for handle in one.feed.handles()
        }
        for number in [number for number in selector.get_map() if number not in wanted]:
            selector.unregister(number)
        for number in wanted:
            if number not in selector.get_map():
                selector.register(number, selectors.EVENT_READ)
        if selector.get_map():
            selector.select(PAUSE)
        else:
            time.sleep(PAUSE)


def _version() -> tuple[Any, ...]:
    """Changes with every change a person makes; what the watcher writes itself leaves `changed_at`."""
    return tuple(
        tuple(rows.aggregate(n=Count("pk"), at=Max("changed_at")).values())
        for rows in (LogSource.objects.all(), LogPattern.objects.all())
    )


def _feeding(source: LogSource) -> tuple[Any, ...]:
    return source.kind, source.place
