"""A backup now, because a person asked for it by the portal: the worker makes it, once, however often they press."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from maintenance.models import BackupPlan, BackupState
from maintenance.services.alone import MAKING, is_held

TICK: Final = "maintenance.back_up"


class Busy(StrEnum):
    NOT = ""
    ASKED = "asked"  # no worker has begun it yet
    MAKING = "making"


def ask_backup(plan: BackupPlan, *, at: datetime) -> None:
    """Raises Refused."""
    with transaction.atomic():
        held = BackupPlan.objects.select_for_update().get(pk=plan.pk)
        if not held.enabled:
            raise Refused(_("This plan is switched off."))
        if busy(held):
            raise Refused(_("It is running already, or about to."))
        held.asked_at = plan.asked_at = at
        held.save(update_fields=["asked_at"])
        nudge(TICK)


def busy(plan: BackupPlan) -> Busy:
    """One whose maker is dead holds nobody up: so stands, in a database that was restored, the backup it came from."""
    if plan.backups.filter(state=BackupState.RUNNING).exists() and is_held(MAKING, plan.pk):
        return Busy.MAKING
    waits = plan.asked_at and not plan.backups.filter(period=plan.asked_at).exists()
    return Busy.ASKED if waits else Busy.NOT
