from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.domain.asked import Deeds
from incidents.domain.stakeholders import LOUD
from incidents.models import Incident
from incidents.narration_paging import channel_name
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

# Of a crowd, whoever did something comes first, and the others are folded away.
FEW: Final = 8
RANK: Final = {"answered": 0, "here": 0, "declined": 1, "failed": 1, "waiting": 2, "spared": 3}


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
    state: str  # answered, waiting, declined, failed, here, spared
    waited: str
    bar_start: int
    bar_end: int


def people(
    incident: Incident,
    sent: list[Delivery],
    at: datetime,
    *,
    deeds: Mapping[int, Deeds],
    waiting: Mapping[int, datetime],
) -> list[Paged]:
    end = incident.resolved_at or at
    roles = roles_of(incident)
    found = []
    for person, pages in _by_person(sent).items():
        did = deeds.get(person, Deeds())
        state, until = _standing(incident, person, pages, did, waits=person in waiting)
        first = waiting.get(person, pages[0].created_at)
        until = max(first, until or end)
        found.append(
            Paged(
                name=pages[0].recipient_name,
                role=roles.get(person, ""),
                ways=_ways(pages),
                paged_at=first,
                state=state,
                waited=words(until - first),
                bar_start=_place(first, incident.detected_at, end),
                bar_end=_place(until, incident.detected_at, end),
            )
        )
    return found if len(found) <= FEW else sorted(found, key=_telling)


def _telling(each: Paged) -> tuple[int, bool, int]:
    """Whoever has a role, and whom more channels call, tells more of how it goes."""
    return RANK[each.state], not each.role, -len(each.ways)


def _by_person(sent: list[Delivery]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for delivery in sent:
        if delivery.recipient_id:  # a machine does not answer
            found.setdefault(delivery.recipient_id, []).append(delivery)
    return found


def _place(moment: datetime, begin: datetime, end: datetime) -> int:
    """From 0 to 100."""
    share = (moment - begin).total_seconds() / max(1.0, (end - begin).total_seconds())
    return min(100, max(0, round(100 * share)))


def _standing(
    incident: Incident, person: int, pages: list[Delivery], did: Deeds, *, waits: bool
) -> tuple[str, datetime | None]:
    """How it stands with somebody who was paged, and since when, unless it goes on."""
    if person == incident.acknowledged_by_id and not waits:
        return "answered", incident.acknowledged_at
    if all(page.stage == Stage.FAILED for page in pages):
        return "failed", incident.acknowledged_at
    if waits:
        return "waiting", None
    if did.declines:
        return "declined", did.declined_at
    if did.first:
        return "here", did.first
    return "spared", incident.acknowledged_at


def _ways(pages: list[Delivery]) -> list[Way]:
    newest = {page.channel: page for page in pages}  # the oldest come first
    loudest_first = dict.fromkeys([*LOUD, *newest])
    return [_way(newest[slug]) for slug in loudest_first if slug in newest]


def _way(page: Delivery) -> Way:
    word = str(WORDS[page.stage])
    error = page.error if page.stage == Stage.FAILED else ""
    return Way(channel_name(page.channel), page.stage, word, page.stage_since, error)
