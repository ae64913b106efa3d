"""What is wrong with backups is an alert of ours, one for each flaw of each plan, until it is mended."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from maintenance.domain.flaws import Flaw, of_age, of_clock
from maintenance.models import BackupPlan, BackupState, RestoreTestState, age_of
from maintenance.services.alone import LOOKING, alone
from maintenance.services.looking_at_backups import flaws_of_newest
from maintenance.services.unfinished import end_abandoned_tests
from maintenance.words.backups import advice, sentence
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import in_each_language, tell
from monitoring.services.ours import OURS

log = logging.getLogger(__name__)

PLACE: Final = "backup:"
GROUP: Final = "backups"  # mostly one cause: a full disk, a lost key
LOOK: Final = timedelta(hours=24)
LOOK_AGAIN: Final = timedelta(hours=1)  # at one that is not as it should be
# A time and not the backup: the newest says it for itself.
PASSING: Final = frozenset({"too_old", "none"})
T = TypeVar("T", bound=Model)


def look_again(*, at: datetime) -> int:
    """What lies there can rot: once a day the newest is read from end to end."""
    plans = BackupPlan.objects.filter(enabled=True).select_related("database")
    return sum(_looked_again(plan, at) for plan in plans)


def _looked_again(plan: BackupPlan, at: datetime) -> bool:
    """A large one is read for longer than ticks are apart: the next ones leave it to whoever is at it."""
    with alone(plan, LOOKING) as ours:
        row = plan.backups.newest(at)
        if not ours or row is None:
            return False
        pause = LOOK_AGAIN if row.flaws else LOOK
        if at - (row.looked_at or row.begun_at) < pause:
            return False
        flaws_of_newest(plan, at=at)
    return True


def watch_backups(*, at: datetime) -> None:
    for plan in BackupPlan.objects.all():
        end_abandoned_tests(plan)
    plans = BackupPlan.objects.filter(enabled=True).select_related("database")
    found = {_key(plan, one): (plan, one) for plan in plans for one in standing(plan, at=at)}
    open_ones = Alert.objects.open().filter(integration__source=OURS, key__startswith=PLACE)
    told = set(open_ones.values_list("key", flat=True))
    signals = [_said(*found[key]) for key in sorted(found.keys() - told)]
    signals += [Signal(key=key, title="", resolved=True) for key in sorted(told - found.keys())]
    if signals:
        tell(signals, at=at)


def standing(plan: BackupPlan, *, at: datetime) -> list[Flaw]:
    """What is known to be wrong at this moment; each code once."""
    return list({one.code: one for one in _flaws(plan, at)}.values())


def _flaws(plan: BackupPlan, at: datetime) -> Iterator[Flaw]:
    newest, test = plan.backups.newest(at), _judged(plan.tests.filter(ended_at__isnull=False))
    if test and test.state == RestoreTestState.FAILED:
        yield from (one for one in test.told if one.code not in PASSING)
    if newest:
        yield from newest.told
        yield from of_age(age_of(newest, at) or timedelta(), plan.rpo)
    elif at - plan.created_at > plan.rpo:
        yield Flaw("none")
    yield from of_clock({one.stem: one.made_at for one in plan.backups.ahead(at)}, at)
    last = _judged(plan.backups.filter(~Q(state=BackupState.RUNNING)))
    if last and last.state == BackupState.FAILED:
        yield from last.told


def _judged(rows: QuerySet[T]) -> T | None:
    """The last that came to its end: what somebody stopped says nothing of backups."""
    return rows.exclude(flaws__contains=[{"code": "stopped"}]).first()


def _key(plan: BackupPlan, flaw: Flaw) -> str:
    return f"{PLACE}{plan.name}:{flaw.code}"


@in_each_language
def _said(plan: BackupPlan, flaw: Flaw) -> Signal:
    told = _(
        "Until it is mended, data of %(plan)s could be lost for good. %(advice)s"
        " The page of backups does both, as do manage.py backup %(plan)s and manage.py restore_test %(plan)s."
    )
    return Signal(
        key=_key(plan, flaw),
        title=_("Backup of %(plan)s: %(flaw)s") % {"plan": plan.name, "flaw": sentence(flaw)},
        description=told % {"plan": plan.name, "advice": advice(flaw)},
        severities=["P2"],
        group=GROUP,
        labels={"alertname": "backup", "plan": plan.name, "flaw": flaw.code},
        url=f"{settings.BASE_URL}/backups/",
    )
