"""One look at everything that is new. Facts, lines and checkpoints are one transaction."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple

from django.db import connection, transaction

from core.rows import save_all
from monitoring.domain.anomalies.journal import Judged, packed
from monitoring.domain.samples import is_counter
from monitoring.judging.episodes import Strange, is_strange, keep
from monitoring.judging.memory import Memory, Reading, newest_line
from monitoring.judging.reading import news
from monitoring.models import JudgedLine, Metric, MetricState

LOCK: Final = 0x5A3B1EA  # one judge at a time, or two would write the same lines
ROUND: Final = 120  # ticks in which every checkpoint is renewed: half an hour
MUCH: Final = 2_000  # readings, after which a checkpoint is cheaper than to repeat them
CROWD, MOST = 20, 0.5  # of so many metrics half are silent: it is not they, it is how they arrive


News = Mapping[int, Sequence[Reading]]  # by metric


class State(NamedTuple):
    life: int
    bar: float
    begun_at: datetime


@dataclass(frozen=True)
class Done:
    judged: int = 0  # readings
    missed: int = 0  # readings that should have been there
    anomalies: int = 0  # that began
    saved: int = 0  # checkpoints
    behind: int = 0  # metrics with more to come


class Judging:
    """What one process knows. Others may judge in between: `Memory` then repeats what they did."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._awake: datetime | None = None
        self._alone = Lock()

    def detect(self, *, at: datetime) -> Done | None:
        """None: somebody else is at it."""
        if not self._alone.acquire(blocking=False):
            return None
        try:
            with transaction.atomic():
                return self._look(at) if _mine() else None
        except BaseException:
            self.memory.forget()  # it is ahead of what was written
            raise
        finally:
            self._alone.release()

    def _look(self, at: datetime) -> Done:
        began = time.monotonic()
        self._awake = self._awake or at
        _welcome(at)
        states = _states()
        self.memory.remember({pk: state.life for pk, state in states.items()}, at=at)
        fresh, behind = news(self.memory.judges, at=at)
        found = self._judged(fresh, states)
        missed = self._missing(at, behind)  # now that it is known what came
        found += self._judged(missed, states)
        anomalies = keep(found)
        readings = [
            Judged(pk, *pair) for part in (fresh, missed) for pk in part for pair in part[pk]
        ]
        self._write(readings, behind, at, took=time.monotonic() - began)
        return Done(len(readings) - len(missed), len(missed), anomalies, self._save(), behind)

    def _judged(self, readings: News, states: Mapping[int, State]) -> list[Strange]:
        found = list[Strange]()
        for metric, heard in readings.items():
            judge, state = self.memory.judges[metric], states[metric]
            for (at, value), judgement in zip(heard, judge.hear(heard), strict=True):
                if is_strange(judgement, state.bar) and at >= state.begun_at:
                    found.append(Strange(metric, at, value, judgement, state.bar, judge.watch))
        return found

    def _missing(self, at: datetime, behind: int) -> News:
        """Nothing is called missing while something is still to be read, or all are silent at once."""
        if behind or not self._awake:
            return {}
        awake, judges = self._awake, self.memory.judges
        slots = {
            pk: slot
            for pk, judge in judges.items()
            if (slot := judge.watch.missing(at, awake=awake))
        }
        if len(judges) >= CROWD and len(slots) > MOST * len(judges):
            self._awake = at
            return {}
        return {pk: [(slot, None)] for pk, slot in slots.items()}

    def _write(self, readings: list[Judged], behind: int, at: datetime, *, took: float) -> None:
        if not readings:
            return
        line = JudgedLine.objects.create(
            at=at, readings=packed(readings), count=len(readings), behind=behind, took=took
        )
        self.memory.line = line.pk

    def _save(self) -> int:
        memory = self.memory
        chosen = memory.to_save(-(-len(memory.judges) // ROUND), MUCH)
        rows = []
        for pk, judge in chosen:
            judge.saved, judge.unsaved = memory.line, 0
            watch = judge.watch
            rows.append(
                MetricState(
                    pk, dump=watch.dump(), journal=judge.saved, until=watch.until,
                    readings=watch.pace.count,
                )
            )  # fmt: skip
        save_all(rows, ["dump", "journal", "until", "readings"])
        JudgedLine.objects.filter(pk__lte=memory.needed, pk__lt=memory.line).delete()
        return len(rows)


def _welcome(at: datetime) -> None:
    """A judge for each metric that has none."""
    new = Metric.objects.filter(state=None).order_by().values_list("pk", "name")
    line = newest_line()
    MetricState.objects.bulk_create(
        (
            MetricState(metric_id=pk, counter=is_counter(name), begun_at=at, journal=line)
            for pk, name in new
        ),
        ignore_conflicts=True,
        batch_size=1_000,
    )


def _states() -> dict[int, State]:
    rows = MetricState.objects.filter(judged=True).order_by()
    facts = rows.values_list("pk", "life", "threshold", "begun_at")
    return {pk: State(life, bar, begun_at) for pk, life, bar, begun_at in facts}


def _mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


_judging = Judging()


def detect(*, at: datetime) -> Done | None:
    return _judging.detect(at=at)
