"""Quiet messages: behind every page, once for each cause, and nobody need answer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from incidents.domain.paging import Page
from incidents.models import Incident
from incidents.services import paging
from incidents.services.policies import Book
from notifications import services as outbox
from notifications.models import Delivery, Lane

DUE_SOON: Final = "due_soon"
CARD: Final = "card"  # the incident's own, in its channel


def notices(
    incident: Incident,
    pages: Iterable[Page],
    *,
    book: Book,
    step: str,
    headline: Callable[[], str],
    at: datetime,
    due: datetime | None = None,
) -> list[Delivery]:
    """`step` names the cause: nobody hears of one twice. The headline is said in each reader's language."""
    services = list(incident.services.all())
    made = paging.deliveries(incident, pages, book=book, services=services, why="notice", at=at)
    for notice in made:
        notice.lane, notice.template, notice.step = Lane.NOTICE, "notice", step
        notice.context |= _facts(incident, notice, headline, due)
    return made


def withdraw_warnings(incident: Incident) -> None:
    """The clock they speak of has stopped or was set anew."""
    outbox.cancel_step(incident.topic, DUE_SOON)


def _facts(
    incident: Incident, notice: Delivery, headline: Callable[[], str], due: datetime | None
) -> dict[str, Any]:
    with translation.override(notice.language):
        said = str(headline())
    return {
        "headline": said,
        "due": due.isoformat() if due else "",
        "room": f"{settings.BASE_URL}{incident.get_absolute_url()}",
    }
