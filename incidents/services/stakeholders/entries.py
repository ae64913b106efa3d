"""A message's life as lines of the timeline."""

from datetime import datetime
from typing import Any

from incidents.models.messages import StakeholderMessage
from incidents.services.timeline import Entry
from teams.models import User


def entry(
    kind: str, message: StakeholderMessage, at: datetime, *, by: User | None = None, **more: Any
) -> Entry:
    """`kind` is drafted, approved, sent, failed or withdrawn."""
    group = message.group
    data: dict[str, Any] = {
        "message": str(message.pk),
        "group": {"ko": group.name_ko, "en": group.name_en},
        "subject": {"ko": message.subject_ko, "en": message.subject_en},
    }
    return Entry(f"message_{kind}", at, by=by, data=data | more)


def released(message: StakeholderMessage, at: datetime, by: User | None = None) -> Entry:
    """With the very words: the record says what was sent, whatever becomes of the row."""
    said = {"body": {"ko": message.body_ko, "en": message.body_en}}
    return entry("approved", message, at, by=by, automatic=message.automatic, **said)
