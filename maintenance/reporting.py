"""What came of a period's routine work, all jobs of one frequency and the checklists: for the page, the PDF and the mail."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Q

from maintenance.domain.checklists import LONG, Said, is_told_of
from maintenance.domain.periods import Frequency, Period
from maintenance.models import (
    FREQUENCY,
    OPEN,
    OVER,
    Round,
    RoundAnswer,
    Routine,
    RoutineRun,
    Status,
)
from maintenance.rounds import RoundRow, rounds, row_of
from maintenance.services.planning import company_zone
from maintenance.words.routine import Line, lines, summary
from teams.models import User

COURSE: Final = 12  # runs
MARKS: Final = {Status.SUCCESS: "✓", Status.FAILED: "✕", Status.MISSED: "–"}


@dataclass(frozen=True)
class Course:
    """How the last periods went, the newest last."""

    statuses: Sequence[str]

    @property
    def marks(self) -> str:
        return " ".join(MARKS.get(Status(one), "·") for one in self.statuses)

    @property
    def failed(self) -> int:
        return self.statuses.count(Status.FAILED)


@dataclass(frozen=True)
class Entry:
    routine: Routine
    run: RoutineRun | None
    before: RoutineRun | None  # that of the period before
    reader: User | None = None
    course: Course | None = None  # none: it has no past yet

    @property
    def summary(self) -> str:
        return summary(self.run, self.reader) if self.run else ""

    @property
    def lines(self) -> list[Line]:
        return lines(self.run, self.reader) if self.run else []

    @property
    def turned(self) -> str:
        """Since the period before."""
        if not (self.run and self.before) or self.run.status == self.before.status:
            return ""
        both = {self.run.status, self.before.status}
        if both != {Status.SUCCESS, Status.FAILED}:
            return ""
        return "worse" if self.run.status == Status.FAILED else "better"


@dataclass(frozen=True)
class Report:
    period: Period
    entries: Sequence[Entry]
    rounds: Sequence[RoundRow]
    to_do: Sequence[RoundAnswer] = field(
        default_factory=list
    )  # what people found, of longer periods

    @property
    def signed(self) -> int:
        return sum(row.when is None for row in self.rounds)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rounds)

    def _count(self, *statuses: str) -> int:
        return sum(one.run.status in statuses for one in self.entries if one.run)

    @property
    def failed(self) -> int:
        return self._count(Status.FAILED)

    @property
    def succeeded(self) -> int:
        return self._count(Status.SUCCESS)

    @property
    def missed(self) -> int:
        return self._count(Status.MISSED)

    @property
    def ran(self) -> int:
        return self._count(*OVER)


def report_of(period: Period, reader: User | None = None, *, at: datetime) -> Report:
    """Jobs that were switched on, or ran all the same; what failed comes first."""
    routines = of_frequency(period.frequency)
    now, before = (_runs(routines, one) for one in (period, period.before))
    courses = _courses(routines, period)
    entries = [
        Entry(routine, now.get(routine.pk), before.get(routine.pk), reader, courses.get(routine.pk))
        for routine in routines
        if routine.enabled or routine.pk in now
    ]
    entries.sort(key=lambda one: not (one.run and one.run.status == Status.FAILED))
    rows = rounds_in(period, at=at)
    return Report(period, entries, rows, _to_do(rows) if period.frequency in LONG else [])


def _courses(routines: Iterable[Routine], period: Period) -> dict[int, Course]:
    since = period
    for _place in range(COURSE - 1):
        since = since.before
    runs = RoutineRun.objects.filter(
        routine__in=list(routines), first__gte=since.first, first__lte=period.first
    )
    found: dict[int, list[str]] = defaultdict(list)
    for pk, status in runs.order_by("first").values_list("routine", "status"):
        found[pk].append(status)
    return {pk: Course(statuses) for pk, statuses in found.items() if len(statuses) > 1}


def _to_do(rows: Sequence[RoundRow]) -> list[RoundAnswer]:
    found = RoundAnswer.objects.filter(round__in=[one.round for one in rows], said=Said.FINDING)
    return list(found.select_related("round__checklist", "by").order_by("round", "place"))


def rounds_in(period: Period, *, at: datetime) -> list[RoundRow]:
    """As they are by now; what is late comes first."""
    open_in = Q(signed_at=None) | Q(signed_at__gte=period.starts(company_zone()))
    found = [
        row_of(row, _day(at))
        for row in rounds().filter(open_in, first__lte=period.last)
        if is_told_of(
            period, begun=_day(row.begun_at), due=row.due,
            signed=_day(row.signed_at) if row.signed_at else None,
        )
    ]  # fmt: skip
    return sorted(found, key=lambda row: not row.is_late)


def _day(moment: datetime) -> date:
    return moment.astimezone(company_zone()).date()


def of_frequency(frequency: Frequency) -> list[Routine]:
    return [row for row in Routine.objects.known() if row.job.frequency is frequency]


def _runs(routines: Iterable[Routine], period: Period) -> dict[int, RoutineRun]:
    rows = RoutineRun.objects.select_related("routine").defer("evidence")
    found = rows.filter(routine__in=list(routines), first=period.first)
    return {run.routine_id: run for run in found}


def done_at(report: Report) -> datetime | None:
    """When the last of its work was done. None: something of it is still to come, or nothing was done.

    Checklists are the quarter's work: it is done when all are signed, or else when it is over.
    """
    if not all(_is_done(one, report.period) for one in report.entries):
        return None
    ended = [one.run.ended_at for one in report.entries if one.run and one.run.ended_at]
    own = [row.round for row in report.rounds if row.round.first == report.period.first]
    if own and report.period.frequency is FREQUENCY:
        signed = [row.signed_at for row in own if row.signed_at]
        ended.append(max(signed) if len(signed) == len(own) else report.period.ends(company_zone()))
    return max(ended, default=None)


def _is_done(entry: Entry, period: Period) -> bool:
    if entry.run:
        return entry.run.status not in OPEN
    return period.due(entry.routine.hour, company_zone()) < entry.routine.since


def newest(frequency: Frequency) -> Period | None:
    """In which a job ran, or a checklist began."""
    rows = RoutineRun.objects.over().filter(routine__in=of_frequency(frequency))
    found = [rows.aggregate(first=Max("first"))["first"]]
    if frequency is FREQUENCY:
        found.append(Round.objects.aggregate(first=Max("first"))["first"])
    firsts = [first for first in found if first]
    return Period(frequency, max(firsts)) if firsts else None
