from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.models import Incident
from incidents.narration import CHANNELS, channel_name
from incidents.screens.room.roles import roles_of
from incidents.screens.rows import words
from notifications.domain.receipts import Stage
from notifications.models import Delivery

WORDS: dict[Stage, Promise] = {
    Stage.QUEUED: pgettext_lazy("page", "waiting"),
    Stage.SENT: pgettext_lazy("page", "sent"),
    Stage.DELIVERED: pgettext_lazy("page", "delivered"),
    Stage.OPENED: pgettext_lazy("page", "opened"),
    Stage.ANSWERED: pgettext_lazy("page", "answered"),
    Stage.FAILED: pgettext_lazy("page", "not delivered"),
    Stage.CANCELLED: pgettext_lazy("page", "called off"),
}


@dataclass(frozen=True)
class Way:
    """One channel, and how far the newest page by it has come."""

    channel: str
    stage: str
    word: str
    since: datetime | None
    error: str


@dataclass(frozen=True)
class Paged:
    name: str
    role: str
    ways: list[Way]
    paged_at: datetime
    answered_at: datetime | None
    failed: bool
    waited: str
    bar_start: int
    bar_end: int


def people(incident: Incident, sent: list[Delivery], at: datetime) -> list[Paged]:
    end = incident.resolved_at or at
    span = max(1.0, (end - incident.detected_at).total_seconds())

    def place(moment: datetime) -> int:
        return min(100, max(0, round(100 * (moment - incident.detected_at).total_seconds() / span)))

    roles = roles_of(incident)
    by_person: dict[str, list[Delivery]] = {}
    for delivery in sent:
        if delivery.recipient_id is None:
            continue  # a machine does not answer
        by_person.setdefault(delivery.recipient_name, []).append(delivery)
    found = []
    for name, pages in by_person.items():
        first = pages[0].created_at
        mine = incident.acknowledged_by_id and pages[0].recipient_id == incident.acknowledged_by_id
        answered = incident.acknowledged_at if mine else None
        until = answered or incident.acknowledged_at or end
        found.append(
            Paged(
                name=name,
                role=roles.get(pages[0].recipient_id or 0, ""),
                ways=_ways(pages),
                paged_at=first,
                answered_at=answered,
                failed=all(page.stage == Stage.FAILED for page in pages),
                waited=words(until - first),
                bar_start=place(first),
                bar_end=place(until),
            )
        )
    return found


def _ways(pages: list[Delivery]) -> list[Way]:
    newest = {page.channel: page for page in pages}  # the oldest come first
    return [_way(newest[slug]) for slug in CHANNELS if slug in newest]


def _way(page: Delivery) -> Way:
    word = str(WORDS[page.stage])
    error = page.error if page.stage == Stage.FAILED else ""
    return Way(channel_name(page.channel), page.stage, word, page.stage_since, error)
