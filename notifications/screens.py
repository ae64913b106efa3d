from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from teams.contacts import ContactCode
from teams.models import ContactMethod, User
from teams.stakeholders import Way

LOUDEST_FIRST: Final[list[str]] = [Way.VOICE, Way.SMS, Way.SLACK, Way.EMAIL]


@dataclass(frozen=True)
class Row:
    contact: ContactMethod
    channel: str
    awaits_code: bool


def contacts_page(user: User, *, at: datetime) -> dict[str, Any]:
    rows = sorted(_rows(user, at), key=lambda row: LOUDEST_FIRST.index(row.contact.channel))
    return {"rows": rows, "reached": any(row.contact.enabled for row in rows)}


def _rows(user: User, at: datetime) -> Iterator[Row]:
    codes = ContactCode.objects.open(at=at).filter(user=user)
    sent = set(codes.values_list("channel", "address"))
    for contact in user.contacts.filter(channel__in=LOUDEST_FIRST).order_by("pk"):
        awaits = not contact.verified_at and (contact.channel, contact.address) in sent
        yield Row(contact, str(Way(contact.channel).label), awaits)
