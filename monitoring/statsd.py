"""A process that hears StatsD's clients and stores each ten seconds what they said."""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.conf import settings
from django.db import DataError, close_old_connections, connections
from django.db import Error as DatabaseError

from core import clock
from integrations.statsd import Lost, listening
from monitoring import services
from monitoring.domain.backlog import Backlog
from monitoring.domain.samples import Identity, Point
from monitoring.domain.statsd import Aggregate

MOST_WAITING: Final = 200_000  # samples, about 100 MB: an hour of 500 metrics
LAST_LOOK: Final = 0.1  # seconds in which what has arrived by the end is heard
LINES: Final = Identity.of("bongsu_statsd_lines")
log = logging.getLogger(__name__)


class Listener:
    """Hears in one thread and stores in another, so that a slow database costs no packet."""

    def __init__(self, every: float) -> None:
        self.every, self.backlog = every, Backlog(MOST_WAITING)
        self.heard = Aggregate(settings.METRICS_MAX)
        self.ended = asyncio.Event()

    async def run(self, host: str, port: int) -> None:
        with ThreadPoolExecutor(1) as writing:
            async with listening(host, port, self.heard.hear) as lost:
                log.info("StatsD: listening on %s, port %s, by UDP and TCP", host, port)
                loop = asyncio.get_running_loop()
                begun = loop.time()
                while not self.ended.is_set():
                    await self._pause()
                    now = loop.time()
                    self._report(lost, now - begun)
                    begun = now
                    await loop.run_in_executor(writing, self._store)
                await loop.run_in_executor(writing, connections.close_all)
            if self.backlog.waiting:
                log.error("StatsD: ended with %s samples not stored", self.backlog.waiting)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self.ended.wait(), self.every)
        except TimeoutError:
            return
        await asyncio.sleep(LAST_LOOK)

    def _report(self, lost: Lost, seconds: float) -> None:
        """What was heard, and besides how much of it came to nothing, and why."""
        at, heard = clock.now(), self.heard
        points = heard.report(at, seconds)
        refused = heard.refused
        refused["lost: it came faster than it was read"] += lost.since_last()
        points.append(Point(LINES, at, heard.lines))
        for reason, count in refused.items():
            if count:
                log.warning("StatsD: %s lines refused, %s", count, reason)
                refusal = Identity("bongsu_statsd_refused", {"reason": reason})
                points.append(Point(refusal, at, count))
        heard.lines, heard.refused = 0, type(refused)()
        self.backlog.add(points)
        if self.backlog.dropped:
            log.error("StatsD: no room, %s of the oldest samples dropped", self.backlog.dropped)
            self.backlog.dropped = 0

    def _store(self) -> None:
        close_old_connections()
        while batch := self.backlog.first():
            try:
                services.write(batch, at=clock.now())
            except DataError:  # would be refused for ever, and all else would wait behind it
                log.exception("StatsD: %s samples cannot be stored and are dropped", len(batch))
            except DatabaseError as error:
                log.warning("StatsD: %s samples wait: %s", self.backlog.waiting, error)
                return
            self.backlog.take()


def run(host: str, port: int, *, every: float) -> None:
    """Until it is told to end; what was heard by then is stored."""

    async def live() -> None:
        listener = Listener(every)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, listener.ended.set)
        await listener.run(host, port)

    asyncio.run(live())
