"""What a sender was sending when it died, its successor in the same place goes on with at once.

It knows that the one before is dead, so that nobody is sending what that one had leased. That a
database session ended would say less: its owner may be alive, and in the middle of a call.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core import clock
from notifications.models import Attempt, Delivery, Outcome, State
from notifications.places import sender

LEASE: Final = timedelta(seconds=30)  # more than twice the longest send; how long others wait
# What the dead handed over in its last moment has to show at a provider that is asked.
SETTLING: Final = timedelta(seconds=1.5)


def take_over() -> int:
    """Once in a life, before the first send."""
    me = sender()
    if me.has_taken_over:
        return 0
    with transaction.atomic():
        held = Delivery.objects.filter(state=State.LEASED, leased_by__startswith=f"{me.place}/")
        left = list(held.exclude(leased_by=me.name).select_for_update())
        now = clock.database_now()
        Attempt.objects.bulk_create(_lost(delivery, at=now) for delivery in left)
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in left]).update(
            due_at=now + SETTLING, leased_by=""
        )
    me.has_taken_over = True
    return len(left)


def _lost(delivery: Delivery, *, at: datetime) -> Attempt:
    return Attempt(
        delivery=delivery,
        number=delivery.attempts,
        started_at=(delivery.lease_until or at) - LEASE,
        ended_at=at,
        outcome=Outcome.LOST,
    )
