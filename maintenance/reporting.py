"""What came of a period's routine work, all jobs of one frequency together: for the page, the PDF and the mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maintenance.domain.periods import Frequency, Period
from maintenance.models import OPEN, OVER, Routine, RoutineRun, Status
from maintenance.services.planning import company_zone
from maintenance.words.routine import Line, lines, summary
from teams.models import User


@dataclass(frozen=True)
class Entry:
    routine: Routine
    run: RoutineRun | None
    before: RoutineRun | None  # that of the period before
    reader: User | None = None

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


def report_of(period: Period, reader: User | None = None) -> Report:
    """Jobs that were switched on, or ran all the same; what failed comes first."""
    routines = of_frequency(period.frequency)
    now, before = (_runs(routines, one) for one in (period, period.before))
    entries = [
        Entry(routine, now.get(routine.pk), before.get(routine.pk), reader)
        for routine in routines
        if routine.enabled or routine.pk in now
    ]
    entries.sort(key=lambda one: not (one.run and one.run.status == Status.FAILED))
    return Report(period, entries)


def of_frequency(frequency: Frequency) -> list[Routine]:
    return [row for row in Routine.objects.known() if row.job.frequency is frequency]


def _runs(routines: Iterable[Routine], period: Period) -> dict[int, RoutineRun]:
    rows = RoutineRun.objects.select_related("routine").defer("evidence")
    found = rows.filter(routine__in=list(routines), first=period.first)
    return {run.routine_id: run for run in found}


def is_complete(report: Report) -> bool:
    """Nothing of it is still to come, and something was done."""
    return report.ran > 0 and all(_is_done(one, report.period) for one in report.entries)


def _is_done(entry: Entry, period: Period) -> bool:
    if entry.run:
        return entry.run.status not in OPEN
    return period.due(entry.routine.hour, company_zone()) < entry.routine.since


def newest_with_runs(frequency: Frequency) -> Period | None:
    rows = RoutineRun.objects.over().filter(routine__in=of_frequency(frequency))
    first = rows.exclude(first=None).order_by("-first").values_list("first", flat=True).first()
    return Period(frequency, first) if first else None
