"""Approved messages become deliveries: at once, or once an hour in a digest.

What holds for those outside: every recipient has one delivery a message (`one_delivery`), written
in the transaction that marks the message as queued, so no tick writes a second one. The outbox
hands it over at least once. A repeat is possible only when a sender dies between the provider's
"yes" and our note of it; mail carries the same Message-ID then, webhooks the same `webhook-id`,
Slack and SMS are asked first whether it arrived. So a reader sees it once, but for a telephone
call, which nobody outside gets while anything else reaches them.

An acknowledgement cancels the pages of an incident and none of these: their topic is their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.rows import save_all
from incidents.domain.stakeholders import AT_ONCE, Urgency, channel_for
from incidents.models import Incident, MessageState, SeverityPolicy, StakeholderMessage
from incidents.services import timeline
from incidents.services.stakeholders.entries import entry
from incidents.services.stakeholders.recipients import Recipient, by_group
from notifications import services as outbox
from notifications.models import Delivery, Lane

TOPICS: Final = ("message:", "digest:")
BATCH: Final = 100
CHUNK: Final = 500  # deliveries written at once
NAMED: Final = 5
MANY: Final = 100  # recipients: from here on it is fan-out, and gives way to every notice


@dataclass(frozen=True)
class Parcel:
    """Messages that go together: one that is urgent, or all of a storm, or of an hour."""

    topic: str
    urgency: str
    messages: Sequence[StakeholderMessage]


def send_due(*, at: datetime) -> int:
    """A batch of approved messages, handed to the outbox."""
    with transaction.atomic():
        due = StakeholderMessage.objects.due(at).select_related("group", "incident")
        held = due.select_for_update(skip_locked=True, of=("self",)).order_by("goes_at")[:BATCH]
        messages = list(held)
        if messages:
            _queue(messages, at=at)
    return len(messages)


def _queue(messages: Sequence[StakeholderMessage], *, at: datetime) -> None:
    members = by_group({message.group_id for message in messages})
    loud = {row.severity: row.channels for row in SeverityPolicy.objects.all()}
    gathered: list[Delivery] = []
    for parcel in _parcels(messages):
        gathered += _deliveries(parcel, members, loud, at=at)
        for message in parcel.messages:
            message.topic, message.queued_at = parcel.topic, at
            message.recipients = len(members[message.group_id])
        if len(gathered) >= CHUNK:  # a message may go to ten thousand, and a batch has many
            outbox.queue(gathered)
            gathered = []
    outbox.queue(gathered)
    _end_what_reaches_nobody([each for each in messages if not each.recipients], at=at)
    fields = ["topic", "queued_at", "recipients", "state", "finished_at"]
    save_all(messages, fields)


def _parcels(messages: Sequence[StakeholderMessage]) -> Iterator[Parcel]:
    """What a person released goes by itself; what a storm made goes together."""
    together: dict[tuple[int, str], list[StakeholderMessage]] = defaultdict(list)
    for message in messages:
        if message.urgency not in AT_ONCE:
            together[0, Urgency.NORMAL].append(message)
        elif message.automatic:
            together[message.group_id, message.urgency].append(message)
        else:
            yield Parcel(f"message:{message.pk}", message.urgency, [message])
    for (_group, urgency), several in together.items():
        alone = len(several) == 1 and urgency in AT_ONCE
        topic = f"message:{several[0].pk}" if alone else f"digest:{uuid4()}"
        gravest_first = sorted(several, key=lambda one: (one.incident.severity, one.incident_id))
        yield Parcel(topic, urgency, gravest_first)


def _deliveries(
    parcel: Parcel,
    members: Mapping[int, Sequence[Recipient]],
    loud: Mapping[str, Sequence[str]],
    *,
    at: datetime,
) -> list[Delivery]:
    people: dict[tuple[object, ...], Recipient] = {}
    theirs: dict[tuple[object, ...], list[StakeholderMessage]] = defaultdict(list)
    for message in parcel.messages:
        for one in members[message.group_id]:
            people[one.key] = one
            theirs[one.key].append(message)
    lane = Lane.NOTICE if parcel.urgency in AT_ONCE and len(people) <= MANY else Lane.BULK
    return [
        _delivery(parcel, people[key], messages, loud, lane=lane, at=at)
        for key, messages in theirs.items()
    ]


def _delivery(
    parcel: Parcel,
    one: Recipient,
    messages: Sequence[StakeholderMessage],
    loud: Mapping[str, Sequence[str]],
    *,
    lane: Lane,
    at: datetime,
) -> Delivery:
    external = any(message.external for message in messages)
    gravest = min(message.incident.severity for message in messages)
    channel = channel_for(parcel.urgency, one.addresses, loud=loud[gravest], external=external)
    if channel is None:
        raise AssertionError("recipients without an address are left out when they are read")
    return Delivery(
        lane=lane, topic=parcel.topic, step="message", recipient_id=one.user_id,
        recipient_name=one.name, language=one.language, channel=channel,
        address=one.addresses[channel], template="stakeholder",
        context=_context(messages, one.language), created_at=at, due_at=at,
    )  # fmt: skip


def _context(messages: Sequence[StakeholderMessage], language: str) -> dict[str, Any]:
    subjects = [in_language(m.subject_ko, m.subject_en, language) for m in messages]
    bodies = [in_language(m.body_ko, m.body_en, language) for m in messages]
    with translation.override(language):
        many = _("%(count)s messages about incidents") % {"count": len(messages)}
    parts = [
        {"subject": subject if len(messages) > 1 else "", "body": body}
        for subject, body in zip(subjects, bodies, strict=True)
    ]
    return {
        "type": "incident.message",
        "link": "",  # nothing to answer
        "subject": many if len(messages) > 1 else subjects[0],
        "parts": parts,
        "more": max(0, len(parts) - NAMED),  # a text or a call names no more
        "sender": settings.COMPANY if any(message.external for message in messages) else "",
        "messages": [str(message.pk) for message in messages],
        "incidents": sorted({message.incident_id for message in messages}),
    }


def _end_what_reaches_nobody(messages: Iterable[StakeholderMessage], *, at: datetime) -> None:
    for message in messages:
        message.state, message.finished_at = MessageState.FAILED, at
        incident = Incident.objects.select_for_update().get(pk=message.incident_id)
        timeline.append(incident, entry("failed", message, at, missed=[], more=0))
