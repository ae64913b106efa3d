"""Backups are made, looked at and let go. A failure is a row with its name, and never an exception of whoever asked."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from psycopg2.extensions import parse_dsn

from core import clock
from integrations import backups as house
from integrations.postgresql import Fault
from maintenance.domain.flaws import Flaw, of_age
from maintenance.domain.nightly import outdated, period_of
from maintenance.models import Backup, BackupPlan, BackupState, RestoreTestState, age_of
from maintenance.places import Misplaced, Place, place_of
from runbooks import inventory
from runbooks.domain.writing import Wrong

log = logging.getLogger(__name__)

LONGEST: Final = 6 * 3600.0  # seconds
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=30)
LOCK: Final = 0x6261636B  # "back"
TROUBLE: Final = (Misplaced, Fault, TimeoutError, OSError, Wrong)


def address_of(plan: BackupPlan) -> str:
    """Raises Wrong."""
    return inventory.dsn(plan.database.name) if plan.database else inventory.own()


def database_of(plan: BackupPlan) -> str:
    """Its name on its server. Raises Wrong."""
    found = parse_dsn(address_of(plan))
    return str(found.get("dbname") or found.get("user") or "")


def secret_of(plan: BackupPlan) -> str:
    """Raises Misplaced."""
    if plan.sealed and not settings.BACKUP_KEY:
        raise Misplaced("BONGSU_BACKUP_KEY is not set.")
    return settings.BACKUP_KEY if plan.sealed else ""


def back_up(plan: BackupPlan, *, at: datetime) -> Backup:
    """Now, because somebody asked."""
    return _tried(Backup.objects.create(plan=plan, begun_at=at))


def back_up_due(*, at: datetime) -> list[Backup]:
    """What was asked for, and each plan's last period, once, however many look, and however many periods were missed."""
    plans = BackupPlan.objects.filter(enabled=True).select_related("database")
    return [made for plan in plans if (made := _due(plan, at))]


def _due(plan: BackupPlan, at: datetime) -> Backup | None:
    """One a round: two of the same second would have the same name."""
    zone = ZoneInfo(settings.TIME_ZONE)
    period = period_of(at, hour=plan.hour, every=plan.every_hours, zone=zone)
    periods = [one for one in (plan.asked_at, period) if one and one >= plan.created_at]
    with _alone(plan) as ours:
        if not ours:  # somebody makes it at this moment
            return None
        return next((made for one in periods if (made := _of_period(plan, one, at))), None)


def _of_period(plan: BackupPlan, period: datetime, at: datetime) -> Backup | None:
    defaults = {"begun_at": at}
    row, is_new = Backup.objects.get_or_create(plan=plan, period=period, defaults=defaults)
    return _tried(row) if is_new or _once_more(row, at) else None


def _once_more(row: Backup, at: datetime) -> bool:
    """One that failed, or whose maker died, as nobody else is at it: not at once, and not for ever."""
    if row.state == BackupState.RUNNING and row.tries >= TRIES:
        _ended(row, [Flaw("killed")])
    waits = row.state == BackupState.FAILED and at - row.begun_at < AGAIN
    if row.state not in (BackupState.RUNNING, BackupState.FAILED) or row.tries >= TRIES or waits:
        return False
    row.tries, row.begun_at, row.state = row.tries + 1, at, BackupState.RUNNING
    row.save()
    return True


@contextmanager
def _alone(plan: BackupPlan) -> Iterator[bool]:
    """By a lock of this session, which goes with whoever dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, plan.pk])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, plan.pk])


def _tried(row: Backup) -> Backup:
    try:
        place = place_of(row.plan)
        row.place = place.name
        _made(row, place)
        _let_go(row.plan, place, row.begun_at)
    except house.Unusable as why:
        _ended(row, [Flaw(why.code, why.facts)])
    except TROUBLE as error:
        log.warning("No backup of %s: %s", row.plan, error)
        _ended(row, [Flaw("not_made", {"said": str(error)[:500]})])
    return row


def _made(row: Backup, place: Place) -> None:
    plan, secret = row.plan, secret_of(row.plan)
    with place.making(database_of(plan)) as folder:
        made = house.make_backup(
            address_of(plan), folder, at=row.begun_at, seconds=LONGEST,
            tables=plan.tables.split(), secret=secret,
        )  # fmt: skip
        house.verified(made.path, secret=secret)
    facts = _facts(made.manifest)
    _ended(row, [], stem=made.path.stem, verified_at=clock.database_now(), **facts)


def _facts(manifest: house.Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at, "size": manifest.size, "bytes": manifest.bytes,
        "sha256": manifest.sha256, "sealed": manifest.sealed, "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
    }  # fmt: skip


def _ended(row: Backup, flaws: list[Flaw], **facts: Any) -> None:
    row.state = BackupState.FAILED if flaws else BackupState.MADE
    row.flaws = [one.kept() for one in flaws]
    row.ended_at = clock.database_now()
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()


def _let_go(plan: BackupPlan, place: Place, at: datetime) -> None:
    """Only what a row of ours knows: whatever else lies there is somebody else's. The last that was proved stays."""
    rows = {row.made_at: row for row in plan.backups.made().filter(place=place.name) if row.made_at}
    passed = plan.tests.filter(state=RestoreTestState.PASSED).values_list("backup", flat=True)
    proved, zone = passed.first(), ZoneInfo(settings.TIME_ZONE)
    for moment in outdated(rows, days=plan.keep_days, at=at, zone=zone):
        if rows[moment].pk == proved:
            continue
        place.delete(rows[moment].stem)
        rows[moment].state = BackupState.GONE
        rows[moment].save(update_fields=["state"])


def flaws_of_newest(
    plan: BackupPlan, *, at: datetime, within: timedelta | None = None
) -> list[Flaw]:
    """What keeps the newest backup from being sound and young; nothing where it is. Its checksum is reckoned anew."""
    try:
        place = place_of(plan)
        stem = newest_stem(plan, place, database_of(plan))
    except TROUBLE as error:
        return [Flaw("out_of_reach", {"said": str(error)[:500]})]
    if not stem:
        return [Flaw("none")]
    age, found = _looked_at(place, stem, at)
    seen = {"looked_at": at, "flaws": [one.kept() for one in found]}
    plan.backups.made().filter(stem=stem).update(**seen if found else seen | {"verified_at": at})
    return found if age is None else found + of_age(age, within or plan.rpo)


def _looked_at(place: Place, stem: str, at: datetime) -> tuple[timedelta | None, list[Flaw]]:
    """Its age, where that can be read, and what is wrong with it."""
    try:
        with place.at_hand(stem) as path:
            backup = house.verified(path, secret=settings.BACKUP_KEY)
    except house.Unusable as why:
        return None, [Flaw(why.code, why.facts)]
    except TROUBLE as error:
        return None, [Flaw("out_of_reach", {"said": str(error)[:500]})]
    return at - backup.manifest.made_at, []


def newest_stem(plan: BackupPlan, place: Place, database: str) -> str:
    """Also one that we made and of which nothing can be read any more: it does not make way for an older one."""
    stems, row = place.stems(database), plan.backups.filter(place=place.name).newest()
    first = stems[0] if stems else ""
    ours = row.stem if row else ""
    return max(first, ours, key=lambda stem: stem.rpartition("-")[2])


def age_of_newest(plan: BackupPlan, *, at: datetime) -> timedelta | None:
    """As our own rows know it, without a look at the place."""
    return age_of(plan.backups.newest(), at)
