"""What time does to alerts and what was kept of them."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.nudge import nudge
from monitoring.models import Alert, HeardMessage, Payload
from monitoring.services.storing import INCIDENTS_TICK, hold

PAYLOADS_KEPT: Final = timedelta(days=30)
MESSAGES_KEPT: Final = timedelta(days=1)  # no sender repeats one for longer
PRUNE_BATCH: Final = 5_000  # short transactions: nobody waits behind a big delete


def expire(*, at: datetime) -> int:
    """Alerts whose sender went silent past their time to live: over, as "expired"."""
    with transaction.atomic():
        gone = hold(Alert.objects.open().filter(expires_at__lte=at))
        over = Alert.objects.filter(pk__in=gone)
        count = over.update(resolved_at=at, expired=True, unread=True)
        if count:
            nudge(INCIDENTS_TICK)
    return count


def prune(*, at: datetime) -> None:
    """Raw payloads are evidence for a month; the alerts made of them stay."""
    HeardMessage.objects.filter(at__lt=at - MESSAGES_KEPT).delete()
    old = Payload.objects.filter(received_at__lt=at - PAYLOADS_KEPT)
    while batch := list(old.values_list("pk", flat=True)[:PRUNE_BATCH]):
        Payload.objects.filter(pk__in=batch).delete()
