"""Logs that are sent to us: syslog, systemd's journal, and lines by HTTP."""

from collections.abc import Sequence
from typing import Final

from integrations.journalctl import Journal
from integrations.syslog import SyslogServer
from monitoring.domain.logs.addresses import host_and_port, units_of
from monitoring.domain.logs.levels import of_priority
from monitoring.domain.logs.lines import Entry
from monitoring.domain.logs.reading import Reading, Surroundings
from monitoring.domain.logs.syslog import Frames, parsed
from monitoring.domain.logs.trying import entries
from monitoring.logwatch.feed import Feed, HasFile, Trouble
from monitoring.models import LogBatch

AGAIN: Final = 5.0  # seconds until what could not be opened is tried again
BATCHES: Final = 20
LOOK_EVERY: Final = 0.5


class Syslog(Feed):
    def __init__(self, reading: Reading, place: str, *, at: float) -> None:
        super().__init__(reading, at=at)
        self.host, self.port = host_and_port(place)
        self.server: SyslogServer | None = None
        self.around = Surroundings()
        self._tried_at, self._looked_at = float("-inf"), at

    def step(self, at: float) -> bool:
        if self.server is None and at - self._tried_at >= AGAIN:
            self._open(at)
        if self.server is None:
            return False
        messages, more = self.server.receive()
        for message in messages:
            said = parsed(message)
            self.reading.take(_alone(said.text), self.around, at=at, level=said.level)
        if at - self._looked_at >= 1:
            self._looked_at, self.lost = at, self.server.dropped()
        return self._ended(at=at, more=more)

    def handles(self) -> Sequence[HasFile]:
        return self.server.handles if self.server else ()

    def close(self) -> None:
        if self.server:
            self.server.close()

    def _open(self, at: float) -> None:
        self._tried_at = at
        try:
            self.server, self.trouble = SyslogServer(self.host, self.port, Frames), None
        except OSError as fault:
            self.trouble = Trouble("no_address", f"{self.host}:{self.port}: {fault.strerror}")


class FromJournal(Feed):
    def __init__(
        self, reading: Reading, place: str, *, at: float, cursor: str = "", from_start: bool = False,
        program: str = "journalctl",
    ) -> None:  # fmt: skip
        super().__init__(reading, at=at)
        self.units, self.place, self.program = units_of(place), cursor, program
        self.from_start = from_start
        self.journal: Journal | None = None
        self.around = Surroundings()
        self._tried_at = float("-inf")

    @property
    def cursor(self) -> str:
        return self.place

    def step(self, at: float) -> bool:
        if self.journal is None and at - self._tried_at >= AGAIN:
            self._open(at)
        if self.journal is None:
            return False
        records, more = self.journal.read()
        for record in records:
            level = None if record.priority is None else of_priority(record.priority)
            text = record.text.encode(errors="replace").replace(b"\0", b"")
            self.reading.take(_alone(text), self.around, at=at, level=level)
            self.place = record.cursor or self.place
        if records:
            self.trouble = None
        elif (words := self.journal.ended()) is not None:
            self._over(words)
        return self._ended(at=at, more=more)

    def handles(self) -> Sequence[HasFile]:
        return [self.journal.output] if self.journal else ()

    def close(self) -> None:
        if self.journal:
            self.journal.close()
            self.journal = None

    def _open(self, at: float) -> None:
        self._tried_at = at
        try:
            self.journal = Journal(
                self.units, cursor=self.place, all_of_it=self.from_start, program=self.program
            )
        except OSError as fault:
            self.trouble = Trouble("no_journal", fault.strerror or "")

    def _over(self, words: str) -> None:
        self.close()
        self.trouble = Trouble("journal_ended", words.splitlines()[-1])
        if "cursor" in words.lower():  # what it named is gone: go on with what is there
            self.place, self.from_start = "", True


class Inbox(Feed):
    """What the web process took in by HTTP and nobody has read yet."""

    def __init__(self, reading: Reading, source: int, *, at: float) -> None:
        super().__init__(reading, at=at)
        self.source = source
        self.around = Surroundings()
        self._read: list[int] = []
        self._looked_at = float("-inf")

    def step(self, at: float) -> bool:
        if not self.is_behind and at - self._looked_at < LOOK_EVERY:
            return False
        self._looked_at = at
        waiting = LogBatch.objects.filter(source=self.source).exclude(pk__in=self._read)
        found = list(waiting[: BATCHES + 1])
        for batch in found[:BATCHES]:
            for entry in entries(batch.lines):
                self.reading.take(entry, self.around, at=at)
            self._read.append(batch.pk)
        if len(found) > BATCHES:
            self.caught_up_at = found[BATCHES].at.timestamp()
        return self._ended(at=at, more=len(found) > BATCHES)

    def read_batches(self) -> Sequence[int]:
        return list(self._read)

    def written(self) -> None:
        self._read.clear()


def _alone(text: bytes) -> Entry:
    return Entry(text, 0, 0, 1)
