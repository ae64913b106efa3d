"""The judges in this process, and how they come to be what those of another one are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from monitoring.domain.anomalies import Judgement, UnknownState, Watch
from monitoring.domain.anomalies.journal import unpacked
from monitoring.models import JudgedLine, MetricState

Reading = tuple[datetime, float | None]

AT_ONCE: Final = 200  # dumps in memory beside the judges made of them


@dataclass
class Judge:
    watch: Watch
    life: int
    saved: int  # the last line that its checkpoint contains
    unsaved: int = 0  # readings since

    def hear(self, readings: Sequence[Reading]) -> list[Judgement]:
        self.unsaved += len(readings)
        return [self.watch.take(at, value) for at, value in readings]


@dataclass
class Memory:
    """`forget()` is always right: the next `remember()` makes the same of what was written."""

    judges: dict[int, Judge] = field(default_factory=dict)
    line: int = 0  # the newest that the judges contain

    def forget(self) -> None:
        self.judges, self.line = {}, 0

    def remember(self, lives: Mapping[int, int], *, at: datetime) -> None:
        """A judge for each of these, in its life, up to the newest line, whoever wrote it."""
        if self.line and not JudgedLine.objects.filter(pk=self.line).exists():
            self.forget()  # a database was put back, or what followed is gone already
        self.judges = {pk: one for pk, one in self.judges.items() if lives.get(pk) == one.life}
        new = [pk for pk in lives if pk not in self.judges]
        for start in range(0, len(new), AT_ONCE):
            for state in MetricState.objects.filter(pk__in=new[start : start + AT_ONCE]):
                self.judges[state.pk] = _loaded(state, at)
        self._repeat(frozenset(new))

    def _repeat(self, new: frozenset[int]) -> None:
        known, unheard = self.line, defaultdict[int, list[Reading]](list)
        since = min([known, *(self.judges[pk].saved for pk in new)]) if known else 0
        for line in JudgedLine.objects.filter(pk__gt=since).order_by("pk").iterator(chunk_size=20):
            for metric, at, value in unpacked(bytes(line.readings)):
                judge = self.judges.get(metric)
                if judge and line.pk > (judge.saved if metric in new else known):
                    unheard[metric].append((at, value))
            self.line = max(self.line, line.pk)
        for metric, readings in unheard.items():
            self.judges[metric].hear(readings)

    def to_save(self, most: int, much: int) -> list[tuple[int, Judge]]:
        """Those whose checkpoint is the oldest, and as many that learned much since."""
        changed = [pair for pair in self.judges.items() if pair[1].unsaved]
        eager = [pair for pair in changed if pair[1].unsaved >= much][:most]
        oldest = sorted(changed, key=lambda pair: pair[1].saved)[:most]
        return list(dict([*eager, *oldest]).items())

    @property
    def needed(self) -> int:
        """Lines up to this one are contained in every checkpoint."""
        return min((one.saved for one in self.judges.values() if one.unsaved), default=self.line)


def _loaded(state: MetricState, at: datetime) -> Judge:
    """What another version wrote is refused, and the metric learns anew from its samples."""
    if not state.dump:
        return Judge(fresh(counter=state.counter), state.life, state.journal)
    try:
        return Judge(Watch.load(bytes(state.dump), zone()), state.life, state.journal)
    except UnknownState:
        begin_again(state, at=at)
        return Judge(fresh(counter=state.counter), state.life, state.journal)


def begin_again(state: MetricState, *, at: datetime) -> None:
    """A new life, for whoever holds the lock: nothing that was judged before is repeated in it."""
    state.life, state.journal, state.begun_at = state.life + 1, newest_line(), at
    state.dump, state.until, state.readings = b"", None, 0
    state.save(update_fields=["life", "journal", "begun_at", "dump", "until", "readings"])


def fresh(*, counter: bool) -> Watch:
    return Watch(zone(), counter=counter)


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def newest_line() -> int:
    newest: int | None = JudgedLine.objects.aggregate(newest=Max("pk"))["newest"]
    return newest or 0
