"""Messages that were sent get other words in their place, through the outbox. Slack alone can do it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, Value, When
from django.db.models.functions import Greatest

from core.nudge import nudge
from notifications.models import Delivery, DeliveryQuerySet, Lane, State
from notifications.services import NOTICES

ABOUT: Final = "rewriting"
WAITING: Final = 300  # on their way at most: what a storm leaves as it was, its button explains


def rewritable(topic: str) -> DeliveryQuerySet:
    """The messages about this whose place is known."""
    return Delivery.objects.about(topic).filter(
        channel="slack", state=State.SENT, provider_id__contains="/"
    )


def rewrite(facts: Mapping[Delivery, Mapping[str, Any]], *, at: datetime) -> None:
    """Say this instead, after all pages and notices. One rewriting a message, done again each time.

    The caller sees to it that nobody else rewrites the same messages meanwhile.
    """
    rows = Delivery.objects.filter(rewrites__in=facts)
    known = {row.rewrites_id: row for row in rows}
    for message, words in facts.items():
        if (row := known.get(message.pk)) and row.context != words:
            _again(row, words, at)
    new = [
        _new(message, words, at)
        for message, words in facts.items()
        if message.pk not in known and message.context != words
    ]
    Delivery.objects.bulk_create(new[: _room()] if new else [])
    nudge(NOTICES)


def _room() -> int:
    undone = Delivery.objects.undone().filter(channel="slack", lane=Lane.BULK)
    return max(0, WAITING - undone.filter(topic=ABOUT).count())


def _again(row: Delivery, words: Mapping[str, Any], at: datetime) -> None:
    """Whoever is sending its old words finishes nothing, and goes before."""
    after_them = Case(
        When(state=State.LEASED, then=Greatest("lease_until", Value(at))), default=Value(at)
    )
    Delivery.objects.filter(pk=row.pk).update(
        state=State.PENDING, context=words, due_at=after_them, lease_token=None, attempts=0
    )


def _new(message: Delivery, words: Mapping[str, Any], at: datetime) -> Delivery:
    return Delivery(
        lane=Lane.BULK, topic=ABOUT, step=message.pk.hex, recipient_id=message.recipient_id,
        recipient_name=message.recipient_name, language=message.language, channel=message.channel,
        address=message.address, template=message.template, context=words, rewrites=message,
        created_at=at, due_at=at, noted=True,
    )  # fmt: skip
