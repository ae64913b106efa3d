from dataclasses import dataclass
from datetime import datetime

from incidents.models import Incident
from incidents.narration import CHANNELS, channel_name
from incidents.screens.rows import words
from notifications.models import Delivery, State


@dataclass(frozen=True)
class Paged:
    name: str
    role: str
    channels: str
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
        channels = dict.fromkeys(
            channel_name(slug) for slug in CHANNELS if any(page.channel == slug for page in pages)
        )
        found.append(
            Paged(
                name=name,
                role="",
                channels=" · ".join(channels),
                paged_at=first,
                answered_at=answered,
                failed=all(page.state == State.FAILED for page in pages),
                waited=words(until - first),
                bar_start=place(first),
                bar_end=place(until),
            )
        )
    return found
