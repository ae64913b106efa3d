"""What became of the pages, onto the timeline: read from the outbox in batches."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction

from incidents.models import TOPIC, Event, Incident
from incidents.services import timeline
from incidents.services.showing import show_stragglers
from incidents.services.timeline import Entry
from notifications import queries as outbox
from notifications.models import Delivery, State

BATCH = 500


def note_outcomes(*, at: datetime) -> int:
    """One line for all that was handed over since the last look, and one for each failure."""
    with transaction.atomic():
        finished = outbox.unnoted(f"{TOPIC}:", BATCH)
        numbers = {_number(delivery) for delivery in finished}
        held = Incident.objects.select_for_update(skip_locked=True).order_by("number")
        incidents = held.in_bulk(numbers)
        mine = [delivery for delivery in finished if _number(delivery) in incidents]
        pages = {number: list(about) for number, about in groupby(mine, key=_number)}
        events: list[Event] = []
        for number, about in pages.items():
            events += timeline.chained(incidents[number], _entries(about, at))
        timeline.write(events, incidents.values())
        for number, about in pages.items():
            show_stragglers(incidents[number], about, at=at)
        outbox.mark_noted(mine)
    return len(mine)


def _number(delivery: Delivery) -> int:
    return int(delivery.topic.removeprefix(f"{TOPIC}:"))


def _entries(finished: list[Delivery], at: datetime) -> Iterable[Entry]:
    sent = [delivery for delivery in finished if delivery.state == State.SENT]
    if sent:
        last = max(delivery.sent_at for delivery in sent if delivery.sent_at)
        yield Entry("page_sent", last, data={"people": _people(sent)})
    for delivery in finished:
        if delivery.state == State.FAILED:
            yield Entry("page_failed", at, data=_failure(delivery))


def _people(sent: list[Delivery]) -> list[dict[str, object]]:
    names = dict.fromkeys(delivery.recipient_name for delivery in sent)
    return [
        {
            "name": name,
            "channels": [delivery.channel for delivery in sent if delivery.recipient_name == name],
            "provider_ids": [
                delivery.provider_id for delivery in sent if delivery.recipient_name == name
            ],
        }
        for name in names
    ]


def _failure(delivery: Delivery) -> dict[str, object]:
    return {
        "name": delivery.recipient_name,
        "channel": delivery.channel,
        "error": delivery.error,
        "attempts": delivery.attempts,
    }
