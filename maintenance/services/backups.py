"""Backups are made, and let go. A failure is a row with its name, and never an exception of whoever asked."""

import logging
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from integrations import backups as house
from maintenance.domain.flaws import Flaw
from maintenance.domain.nightly import outdated, period_of
from maintenance.models import Backup, BackupPlan, BackupState, RestoreTestState
from maintenance.places import Place, place_of
from maintenance.services.alone import alone
from maintenance.services.backup_plans import (
    HERE,
    TROUBLE,
    address_of,
    database_of,
    in_words,
    secret_of,
)
from maintenance.services.unfinished import end_abandoned, facts_of, found_whole

log = logging.getLogger(__name__)

LONGEST: Final = 6 * 3600.0  # seconds
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=30)


def back_up(plan: BackupPlan, *, at: datetime) -> Backup:
    """Now, because somebody asked. Raises Refused while another is being made."""
    with alone(plan) as ours:
        if not ours:
            raise Refused(_("A backup of it is being made at this moment."))
        end_abandoned(plan)
        return _tried(Backup.objects.create(plan=plan, begun_at=at))


def back_up_due(*, at: datetime) -> list[Backup]:
    """What was asked for, and each plan's last period, once, however many look, and however many periods were missed."""
    plans = BackupPlan.objects.select_related("database")
    return [made for plan in plans if (made := _due(plan, at))]


def _due(plan: BackupPlan, at: datetime) -> Backup | None:
    """One a round: two of the same second would have the same name."""
    periods = _periods(plan, at)
    with alone(plan) as ours:
        if not ours:  # somebody makes it at this moment
            return None
        end_abandoned(plan, but=periods)
        return next((made for one in periods if (made := _of_period(plan, one, at))), None)


def _periods(plan: BackupPlan, at: datetime) -> list[datetime]:
    if not plan.enabled:
        return []
    zone = ZoneInfo(settings.TIME_ZONE)
    last = period_of(at, hour=plan.hour, every=plan.every_hours, zone=zone)
    return [one for one in (plan.asked_at, last) if one and one >= plan.created_at]


def _of_period(plan: BackupPlan, period: datetime, at: datetime) -> Backup | None:
    defaults = {"begun_at": at}
    row, is_new = Backup.objects.get_or_create(plan=plan, period=period, defaults=defaults)
    return _tried(row) if is_new or _once_more(row, at) else None


def _once_more(row: Backup, at: datetime) -> bool:
    """One that failed, or whose maker died, as nobody else is at it: not at once, and not for ever."""
    if row.state == BackupState.RUNNING and found_whole(row):
        return False
    if row.state == BackupState.RUNNING and row.tries >= TRIES:
        row.end([Flaw("killed")])
    waits = row.state == BackupState.FAILED and at - row.begun_at < AGAIN
    if row.state not in (BackupState.RUNNING, BackupState.FAILED) or row.tries >= TRIES or waits:
        return False
    row.tries, row.begun_at, row.state = row.tries + 1, at, BackupState.RUNNING
    row.save()
    return True


def _tried(row: Backup) -> Backup:
    try:
        place = place_of(row.plan)
        row.place, row.host = place.name, HERE
        _made(row, place)
    except house.Unusable as why:
        row.end([Flaw(why.code, why.facts)])
    except TROUBLE as error:
        log.warning("No backup of %s: %s", row.plan, error)
        row.end([Flaw("not_made", {"said": in_words(error)})])
    except Exception as error:
        log.exception("No backup of %s", row.plan)  # and the next plan has its turn
        row.end([Flaw("not_made", {"said": f"{type(error).__name__}: {error}"[:500]})])
    except BaseException:  # whoever waits for it wants it to end
        row.end([Flaw("stopped")])
        raise
    else:
        _let_go(row.plan, place, row.begun_at)
    return row


def _made(row: Backup, place: Place) -> None:
    plan, secret = row.plan, secret_of(row.plan)
    with place.making(database_of(plan)) as folder:
        made = house.make_backup(
            address_of(plan), folder, at=row.begun_at, seconds=LONGEST,
            tables=plan.tables.split(), secret=secret,
        )  # fmt: skip
        house.verified(made.path, secret=secret)
    facts = facts_of(made.manifest)
    row.end([], stem=made.path.stem, verified_at=clock.database_now(), **facts)


def _let_go(plan: BackupPlan, place: Place, at: datetime) -> None:
    """A store that lets nobody delete is no reason to doubt the backup that was just made: the next one tries again."""
    try:
        for row in _outdated(plan, place, at):
            place.delete(row.stem)
            row.state = BackupState.GONE
            row.save(update_fields=["state"])
    except TROUBLE as error:
        log.warning("Old backups of %s stay where they are: %s", plan, error)


def _outdated(plan: BackupPlan, place: Place, at: datetime) -> list[Backup]:
    """Only what a row of ours knows: whatever else lies there is somebody else's. The last that was proved stays."""
    rows = {row.made_at: row for row in plan.backups.made().filter(place=place.name) if row.made_at}
    passed = plan.tests.filter(state=RestoreTestState.PASSED).values_list("backup", flat=True)
    proved, zone = passed.first(), ZoneInfo(settings.TIME_ZONE)
    old = outdated(rows, days=plan.keep_days, at=at, zone=zone)
    return [rows[moment] for moment in sorted(old) if rows[moment].pk != proved]
