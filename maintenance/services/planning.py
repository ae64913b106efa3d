"""What is due becomes rows: one for each job and period, however many look, and however often."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from maintenance.domain.periods import Period, owed
from maintenance.models import Routine, RoutineRun, Status
from maintenance.registry import jobs
from teams.models import User

TICK: Final = "maintenance.do_routine_work"


def company_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def know_jobs(*, at: datetime) -> None:
    """A new job begins with the next period that becomes due."""
    known = set(Routine.objects.values_list("name", flat=True))
    new = [name for name in jobs if name not in known]
    rows = [
        Routine(name=name, hour=jobs[name].hour, severity=jobs[name].severity, since=at)
        for name in new
    ]
    Routine.objects.bulk_create(rows, ignore_conflicts=True)


def plan_due(*, at: datetime) -> int:
    """How many are to be run now."""
    know_jobs(at=at)
    newest = Max("runs__first")
    routines = Routine.objects.known().filter(enabled=True).annotate(newest=newest)
    return sum(_plan(routine, at) for routine in routines)


def run_now(routine: Routine, *, by: User, at: datetime) -> RoutineRun:
    """Once more, beside its periods."""
    with transaction.atomic():
        Routine.objects.select_for_update().get(pk=routine.pk)
        if RoutineRun.objects.open().filter(routine=routine).exists():
            raise Refused(_("It is running already, or about to."))
        nudge(TICK)
        return RoutineRun.objects.create(routine=routine, by=by, due_at=at)


def _plan(routine: Routine, at: datetime) -> bool:
    frequency, newest = routine.job.frequency, routine.newest  # type: ignore[attr-defined]
    known = Period(frequency, newest) if newest else None
    found = owed(
        frequency, routine.hour, since=routine.since, at=at, zone=company_zone(), known=known
    )
    if found.run is None:
        return False
    missed = [_row(routine, period, Status.MISSED) for period in found.missed]
    with transaction.atomic():
        # Planned and never begun, as everything was stopped: by now its time is over, too. Not so
        # what another planner has planned a moment ago.
        _untouched(routine).filter(first__lt=found.run.first).update(status=Status.MISSED)
        RoutineRun.objects.bulk_create(missed, ignore_conflicts=True)
        RoutineRun.objects.bulk_create(
            [_row(routine, found.run, Status.WAITING)], ignore_conflicts=True
        )
    return True


def _untouched(routine: Routine) -> QuerySet[RoutineRun]:
    return RoutineRun.objects.filter(
        routine=routine, status=Status.WAITING, attempts=0, first__isnull=False
    )


def _row(routine: Routine, period: Period, status: Status) -> RoutineRun:
    due = period.due(routine.hour, company_zone())
    return RoutineRun(routine=routine, first=period.first, status=status, due_at=due)
