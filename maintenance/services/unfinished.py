"""Rows whose maker is gone: found whole where it lies, or ended with the reason. Nobody waits for the dead."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from core import clock
from integrations import backups as house
from maintenance.domain.flaws import Flaw
from maintenance.models import Backup, BackupPlan, BackupState, RestoreTestState
from maintenance.places import place_of
from maintenance.services.alone import TESTING, alone
from maintenance.services.backup_plans import TROUBLE, database_of


def end_abandoned(plan: BackupPlan, *, but: Iterable[datetime] = ()) -> None:
    """For who is alone with this plan; what is due in these periods is tried again instead."""
    rows = plan.backups.filter(state=BackupState.RUNNING)
    for row in rows.exclude(period__in=list(but)):
        if not found_whole(row):
            row.end([Flaw("stopped")])


def found_whole(row: Backup) -> bool:
    """Only the word of it was lost: so it is with the row of a backup in the database that this very backup became."""
    try:
        place = place_of(row.plan)
        stem = house.stem_of(database_of(row.plan), row.begun_at)
        with place.at_hand(stem) as path:
            backup = house.verified(path, secret=settings.BACKUP_KEY)
    except (house.Unusable, *TROUBLE):
        return False
    facts = facts_of(backup.manifest)
    row.end([], stem=stem, place=place.name, verified_at=clock.database_now(), **facts)
    return True


def facts_of(manifest: house.Manifest) -> dict[str, Any]:
    return {
        "made_at": manifest.made_at, "size": manifest.size, "bytes": manifest.bytes,
        "sha256": manifest.sha256, "sealed": manifest.sealed, "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
    }  # fmt: skip


def end_abandoned_tests(plan: BackupPlan) -> None:
    """Those that run hold the lock of their plan."""
    running = plan.tests.filter(state=RestoreTestState.RUNNING)
    if not running:
        return
    with alone(plan, TESTING) as ours:
        if ours:
            running.update(
                state=RestoreTestState.FAILED, ended_at=clock.database_now(),
                flaws=[Flaw("stopped").kept()],
            )  # fmt: skip
