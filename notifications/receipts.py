"""What becomes of a message after it was handed over. Nothing here ever takes a stage back."""

from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf

from notifications.domain.receipts import REPORTS, Report
from notifications.models import Delivery, State


def report(delivery: Delivery, status: str, *, provider_id: str, detail: str, at: datetime) -> bool:
    """The provider's word; whether it was news.

    A failure counts for the attempt that was sent, and only while nothing shows that it arrived.
    """
    row = Delivery.objects.filter(pk=delivery.pk, delivered_at=None)
    match REPORTS.get(status):
        case Report.DELIVERED:
            ours = Coalesce(NullIf("provider_id", Value("")), Value(provider_id[:200]))
            return bool(row.update(delivered_at=at, provider_id=ours))
        case Report.UNDELIVERED:
            sent = row.filter(state=State.SENT, opened_at=None, answered_at=None)
            error = f"{status} {detail}".strip()[:500]
            return bool(
                sent.filter(provider_id=provider_id).update(
                    state=State.FAILED, error=error, noted=False
                )
            )
    return False


def opened(delivery: Delivery, *, at: datetime) -> bool:
    row = Delivery.objects.filter(pk=delivery.pk, opened_at=None)
    return bool(row.update(opened_at=at))


def answered(topic: str, recipient_id: int | None, channel: str, *, at: datetime) -> None:
    """By this way they answered: the newest message that went it."""
    about = Delivery.objects.about(topic).filter(recipient=recipient_id, channel=channel)
    newest = about.order_by("-created_at").values("pk")[:1]
    Delivery.objects.filter(pk__in=newest, answered_at=None).update(answered_at=at)
