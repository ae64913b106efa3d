"""What became of those that nobody can answer for: by looking, never by doing it again."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from runbooks.domain.actions import WAITING, Outcome, State, next_look
from runbooks.models import Action, Limits
from runbooks.registry import actions
from runbooks.services import asking, entries
from runbooks.services.executing import end

log = logging.getLogger(__name__)


def expire_due(*, at: datetime) -> int:
    """Nobody decided in time, or nothing let it begin."""
    expired = 0
    valid = {row.kind: row.valid_for for row in Limits.objects.all()}
    for action in Action.objects.waiting().order_by("pk"):
        if action.kind in valid and at >= action.proposed_at + valid[action.kind]:
            expired += _expire(action, at)
    return expired


def _expire(action: Action, at: datetime) -> bool:
    with transaction.atomic():
        incident = entries.held(action)
        if not Action.objects.move(action, *WAITING, to=State.EXPIRED, ended_at=at):
            return False
        asking.withdraw(action)
        entries.write(incident, State.EXPIRED, action, at=at)
    return True


def reconcile_due(*, at: datetime) -> int:
    """Leases that are over first, then a look at each that is due; how many are over now."""
    lost = Outcome.unknown("")
    for action in Action.objects.filter(state=State.EXECUTING, lease_until__lte=at):
        end(action, State.EXECUTING, lost, at=at, lease=action.lease, look_at=at)
    due = Q(state=State.UNKNOWN) & (Q(look_at__lte=at) | Q(look_at__isnull=True))
    return sum(_look(action, at) for action in Action.objects.filter(due).order_by("pk"))


def _look(action: Action, at: datetime) -> bool:
    again = next_look(action.began_at or at, now=at)
    ours = Action.objects.filter(pk=action.pk, state=State.UNKNOWN, look_at=action.look_at)
    if action.kind not in actions or not ours.update(look_at=again):
        return False
    try:
        outcome = actions[action.kind].reconcile(action)
    except Exception:  # the next look may see more
        log.exception("what became of action %s (%s)", action.pk, action.kind)
        return False
    if outcome is None or outcome.state is State.UNKNOWN:
        return False
    return end(action, State.UNKNOWN, outcome, at=at)
