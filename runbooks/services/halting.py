"""The kill switch: nothing begins from the moment `halt` has returned."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from runbooks.models import Halt, Limits
from runbooks.registry import actions
from runbooks.services.approving import TICK
from teams.models import User


def halt(*, by: User, at: datetime, reason: str) -> Halt:
    """What is being done already goes on to its end. Raises Refused when it is halted already."""
    if not reason.strip():
        raise Refused(_("Say why, for those who find everything halted."))
    for kind in actions:
        Limits.of(kind)
    try:
        with transaction.atomic():
            # Whoever begins one holds its kind's row: waited for, so that none begins afterwards.
            list(Limits.objects.select_for_update().order_by("pk"))
            return Halt.objects.create(by=by, at=at, reason=reason.strip()[:300])
    except IntegrityError:
        raise Refused(_("All actions are halted already.")) from None


def lift(*, by: User, at: datetime) -> None:
    with transaction.atomic():
        halted = Halt.objects.filter(lifted_at__isnull=True)
        if not halted.update(lifted_by=by, lifted_at=at):
            raise Refused(_("Nothing is halted."))
        nudge(TICK)
