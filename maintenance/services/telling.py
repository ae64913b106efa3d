"""A job that failed raises an alert; the next one that succeeds ends it, or its switch."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from maintenance.job import Level
from maintenance.models import Routine, RoutineRun, Status
from maintenance.words.routine import cause, lines
from monitoring.domain.alerts import Signal
from monitoring.services.ours import in_each_language, tell

TOLD: Final = 10  # findings in an alert; the page has them all


def tell_of(run: RoutineRun, *, at: datetime) -> None:
    """In the transaction that ends it."""
    routine, failed = run.routine, run.status == Status.FAILED
    if failed:
        tell([_failed(run)], at=at)
    elif routine.failing:
        tell([_well_again(routine)], at=at)
    Routine.objects.filter(pk=routine.pk).update(failing=failed)


def let_go(routine: Routine, *, at: datetime) -> None:
    """One that is switched off will not succeed: its alert would stand for ever."""
    if routine.failing:
        tell([_well_again(routine)], at=at)
        Routine.objects.filter(pk=routine.pk).update(failing=False)


@in_each_language
def _failed(run: RoutineRun) -> Signal:
    routine = run.routine
    bad = [line.text for line in lines(run) if line.level is Level.BAD]
    if routine.job.confidential:
        bad = [_("Its page tells what it found.")]
    return Signal(
        key=_key(routine),
        title=_("Routine work failed: %(job)s") % {"job": routine},
        description="\n".join(filter(None, [cause(run), *bad[:TOLD]])),
        severities=[routine.severity],
        group=routine.job.group or _key(routine),
        labels={"alertname": "routine", "job": routine.name},
        started_at=run.started_at,
        url=f"{settings.BASE_URL}{run.get_absolute_url()}",
    )


def _well_again(routine: Routine) -> Signal:
    return Signal(key=_key(routine), title=routine.name, resolved=True)


def _key(routine: Routine) -> str:
    return f"routine:{routine.name}"
