"""Routine work: what was done and how it ended, period by period, and what is due next."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts.lines import chart
from core.charts.shapes import Chart, Point
from core.charts.units import said
from maintenance.domain.periods import Frequency, Period, period_at
from maintenance.models import FREQUENCY, OPEN, Routine, RoutineRun, Status
from maintenance.reporting import newest
from maintenance.services.mailing import address_of
from maintenance.services.planning import company_zone
from maintenance.services.upkeep import EVIDENCE_KEPT
from maintenance.words.routine import is_hidden, lines, summary
from teams.models import User

SHOWN: Final = {  # periods in a row
    Frequency.DAILY: 28, Frequency.WEEKLY: 13, Frequency.MONTHLY: 12, Frequency.QUARTERLY: 8,
}  # fmt: skip
NAMES: Final = {
    Frequency.DAILY: gettext_lazy("Daily"),
    Frequency.WEEKLY: gettext_lazy("Weekly"),
    Frequency.MONTHLY: gettext_lazy("Monthly"),
    Frequency.QUARTERLY: gettext_lazy("Quarterly"),
}
TONES: Final[dict[str, str]] = {
    Status.SUCCESS: "good", Status.FAILED: "p1", Status.MISSED: "none",
}  # fmt: skip
TREND: Final = 90  # runs
LISTED: Final = 30
TREND_HEIGHT: Final = 120.0


@dataclass(frozen=True)
class Cell:
    """A period of a job; without a run nothing was due in it."""

    period: Period
    run: RoutineRun | None

    @property
    def tone(self) -> str:
        return TONES.get(self.run.status, "") if self.run else "blank"

    @property
    def word(self) -> str:
        return self.run.get_status_display() if self.run else _("nothing was due")


@dataclass(frozen=True)
class Row:
    routine: Routine
    cells: Sequence[Cell]
    last: RoutineRun | None
    summary: str
    next: datetime | None
    busy: bool

    @property
    def tone(self) -> str:
        return TONES.get(self.last.status, "") if self.last else ""


@dataclass(frozen=True)
class Group:
    frequency: Frequency
    rows: Sequence[Row]
    report: str  # the address of that of the newest period in which something ran

    @property
    def name(self) -> str:
        return str(NAMES[self.frequency])


def overview(reader: User, *, at: datetime) -> dict[str, Any]:
    routines = list(Routine.objects.known())
    runs = _runs(routines)
    rows = [row_of(routine, runs[routine.pk], reader, at=at) for routine in routines]
    groups = [
        Group(
            frequency,
            [row for row in rows if row.routine.job.frequency is frequency],
            _report_of(frequency),
        )
        for frequency in Frequency
    ]
    return {
        "groups": [group for group in groups if group.rows],
        "quarter": _report_of(FREQUENCY),
        "failing": sum(row.routine.failing for row in rows),
    }


def _report_of(frequency: Frequency) -> str:
    period = newest(frequency)
    return address_of(period) if period else ""


def _runs(routines: Iterable[Routine]) -> dict[int, list[RoutineRun]]:
    """The newest of each job; there are as many queries as the code has jobs."""
    found: dict[int, list[RoutineRun]] = defaultdict(list)
    for routine in routines:
        rows = routine.runs.defer("evidence").order_by("-due_at", "-id")
        for run in rows[:TREND]:
            run.routine = routine
            found[routine.pk].append(run)
    return found


def row_of(routine: Routine, runs: Sequence[RoutineRun], reader: User, *, at: datetime) -> Row:
    over = [run for run in runs if run.status in (Status.SUCCESS, Status.FAILED)]
    last = max(over, key=lambda run: run.ended_at or run.due_at, default=None)
    return Row(
        routine=routine,
        cells=cells(routine, runs, at=at),
        last=last,
        summary=summary(last, reader) if last else "",
        next=next_due(routine, runs, at=at),
        busy=any(run.status in OPEN for run in runs),
    )


def cells(routine: Routine, runs: Sequence[RoutineRun], *, at: datetime) -> list[Cell]:
    """The oldest first."""
    by_first = {run.first: run for run in runs if run.first}
    period, found = period_at(routine.job.frequency, at, company_zone()), list[Cell]()
    for _place in range(SHOWN[routine.job.frequency]):
        found.append(Cell(period, by_first.get(period.first)))
        period = period.before
    return found[::-1]


def next_due(routine: Routine, runs: Sequence[RoutineRun], *, at: datetime) -> datetime | None:
    """Of the next period that has no run yet."""
    if not routine.enabled:
        return None
    zone, done = company_zone(), {run.first for run in runs}
    period = period_at(routine.job.frequency, at, zone)
    while period.first in done or period.due(routine.hour, zone) < routine.since:
        period = period.next
    return period.due(routine.hour, zone)


def trend(runs: Sequence[RoutineRun], key: str, unit: str) -> Chart | None:
    points = [Point(at, value, value, value) for at, value in _course(runs, key)]
    if len(points) < 2:
        return None
    since, until = points[0].at, points[-1].at
    whole = until - since + timedelta(seconds=1)  # a missed run breaks no line
    return chart(
        points, since, until, gap=whole, zone=company_zone(), unit=unit, height=TREND_HEIGHT
    )


def _course(runs: Sequence[RoutineRun], key: str) -> list[tuple[datetime, float]]:
    ended = [(run.ended_at, run.figures.get(key)) for run in runs]
    return sorted((at, float(value)) for at, value in ended if at and value is not None)


def run_page(run: RoutineRun, reader: User, *, at: datetime) -> dict[str, Any]:
    hidden = is_hidden(run, reader)
    shown = "" if hidden else json.dumps(run.evidence, indent=2, ensure_ascii=False)
    return {
        "run": run,
        "hidden": hidden,
        "lines": lines(run, reader),
        "tone": TONES.get(run.status, ""),
        "figures": _figures(run),
        "evidence": shown if run.evidence else "",
        "emptied": run.due_at < at - EVIDENCE_KEPT,
    }


def job_page(routine: Routine, reader: User, *, at: datetime) -> dict[str, Any]:
    runs = _runs([routine])[routine.pk]
    over = [run for run in runs if run.status in (Status.SUCCESS, Status.FAILED)]
    trends = [
        (str(figure.label), drawn)
        for key, figure in routine.job.figures.items()
        if (drawn := trend(over, key, figure.unit))
    ]
    listed = [(run, TONES.get(run.status, ""), summary(run, reader)) for run in runs[:LISTED]]
    return {"row": row_of(routine, runs, reader, at=at), "runs": listed, "trends": trends,
            "name": NAMES[routine.job.frequency]}  # fmt: skip


def _figures(run: RoutineRun) -> list[tuple[str, str]]:
    known = run.routine.job.figures
    return [
        (str(known[key].label), said(value, known[key].unit))
        for key, value in run.figures.items()
        if key in known
    ]
