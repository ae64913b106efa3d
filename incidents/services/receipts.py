"""What becomes of a page after it was sent: the room shows it, the timeline only a failure."""

from datetime import datetime

from incidents.models import Incident
from incidents.services.answering import number_of
from notifications import receipts
from notifications.models import Delivery


def reported(page: Delivery, status: str, *, provider_id: str, detail: str, at: datetime) -> None:
    if receipts.report(page, status, provider_id=provider_id, detail=detail, at=at):
        _touch(page)


def opened(page: Delivery, *, at: datetime) -> None:
    if receipts.opened(page, at=at):
        _touch(page)


def _touch(page: Delivery) -> None:
    Incident.objects.filter(pk=number_of(page.topic)).touch()
