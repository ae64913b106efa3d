"""What became of the messages: counted from the outbox, said on the timeline."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count

from core.rows import save_all
from incidents.models import Event, Incident, MessageState, StakeholderMessage
from incidents.services import timeline
from incidents.services.stakeholders import briefing
from incidents.services.stakeholders.entries import entry
from incidents.services.stakeholders.sending import TOPICS
from incidents.services.timeline import Entry
from notifications import queries as outbox
from notifications.models import Delivery, State

BATCH: Final = 500
NAMED: Final = 5  # of those a message did not reach


def note_receipts(*, at: datetime) -> int:
    """One line when a message has reached whom it can, and one for those it has not."""
    return sum(_note(topic, at=at) for topic in TOPICS)


def _note(prefix: str, *, at: datetime) -> int:
    with transaction.atomic():
        finished = outbox.unnoted(prefix, BATCH)
        if finished:
            _tell(finished, at=at)
            outbox.mark_noted(finished)
    return len(finished)


def _tell(finished: Sequence[Delivery], *, at: datetime) -> None:
    topics = {delivery.topic for delivery in finished}
    messages = StakeholderMessage.objects.filter(topic__in=topics).select_related("group")
    numbers = set(messages.values_list("incident", flat=True))
    incidents = Incident.objects.select_for_update().order_by("number").in_bulk(numbers)
    counts, missed = _counted(topics), _missed(finished)
    told = list(messages.order_by("drafted_at"))
    untold = [message for message in told if not message.reached]
    events: list[Event] = []
    for message in told:
        said = _count(message, counts, missed[str(message.pk)], at=at)
        events += timeline.chained(incidents[message.incident_id], said)
    timeline.write(events, incidents.values())
    save_all(told, ["reached", "missed", "state", "finished_at"])
    briefing.told([message for message in untold if message.reached], incidents, at=at)


def _counted(topics: Iterable[str]) -> Counter[tuple[str, str]]:
    """How many deliveries of each message are in which state."""
    rows = Delivery.objects.filter(topic__in=topics).values_list("context__messages", "state")
    found: Counter[tuple[str, str]] = Counter()
    for messages, state, count in rows.annotate(Count("pk")).order_by():
        for message in messages:
            found[message, state] += count
    return found


def _missed(finished: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    found = defaultdict(list)
    for delivery in finished:
        if delivery.state == State.FAILED:
            for message in delivery.context["messages"]:
                found[message].append(delivery)
    return found


def _count(
    message: StakeholderMessage,
    counts: Counter[tuple[str, str]],
    missed: Sequence[Delivery],
    *,
    at: datetime,
) -> Iterable[Entry]:
    key = str(message.pk)
    message.reached, message.missed = counts[key, State.SENT], counts[key, State.FAILED]
    if missed:
        named = [
            {"name": one.recipient_name, "channel": one.channel, "error": one.error}
            for one in missed[:NAMED]
        ]
        yield entry("failed", message, at, missed=named, more=len(missed) - len(named))
    if message.reached + message.missed < message.recipients:
        return
    was, message.state = message.state, _end(message)
    message.finished_at = at
    if message.state == MessageState.SENT != was:
        yield entry("sent", message, at, reached=message.reached, recipients=message.recipients)


def _end(message: StakeholderMessage) -> MessageState:
    return MessageState.SENT if message.reached else MessageState.FAILED
