"""Mails that came back, and people who did not want them."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, F, Q, Value, When

from statuspage import envelopes
from statuspage.domain.addresses import normalised
from statuspage.domain.bounces import Fate, of_event, of_text, read
from statuspage.models import Subscriber, SubscriberQuerySet, Way
from statuspage.services import subscribing

SOFT: Final = 5  # of these,
WITHIN: Final = timedelta(days=7)  # from the first on


def take_back(content: bytes, *, at: datetime, to: str = "") -> Fate:
    """Nothing happens unless the address it came to is one of ours, signed, and no older than a week."""
    bounce = read(content, to=to)
    address = bounce.to.rpartition("<")[2].rstrip("> ")
    pk = envelopes.behind(address, at.date())
    if pk is None:
        return Fate.NOTHING
    _follow(Subscriber.objects.filter(pk=pk), bounce.fate, bounce.words, at)
    return bounce.fate


def told_by_provider(
    recipient: str, event: str, reason: str, words: str, *, at: datetime
) -> Fate:  # fmt: skip
    """It knows whom it wrote to; the caller knows that it is the provider."""
    fate = of_event(event, reason, words)
    one = Subscriber.objects.filter(way=Way.EMAIL, address=normalised(recipient) or "")
    _follow(one, fate, words, at)
    return fate


def told_of_text(key: uuid.UUID, status: str, error: str, *, at: datetime) -> Fate:
    """The caller knows that it is the telephone company."""
    fate = of_text(status, error)
    one = Subscriber.objects.filter(way=Way.SMS, key=key)
    _follow(one, fate, f"{status} {error}".strip(), at)
    return fate


def _follow(one: SubscriberQuerySet, fate: Fate, words: str, at: datetime) -> None:
    if fate is Fate.COMPLAINT:
        subscribing.end(one, at=at, why=subscribing.COMPLAINED)
    elif fate is Fate.LEFT:
        subscribing.end(one, at=at)
    elif fate is Fate.HARD:
        subscribing.quarantine(one, words, at=at)
    elif fate is Fate.SOFT:
        _count(one, words, at)


def _count(one: SubscriberQuerySet, words: str, at: datetime) -> None:
    old = Q(soft_since=None) | Q(soft_since__lt=at - WITHIN)
    one.update(
        soft_bounces=Case(When(old, then=Value(1)), default=F("soft_bounces") + 1),
        soft_since=Case(When(old, then=Value(at)), default=F("soft_since")),
    )
    subscribing.quarantine(one.filter(soft_bounces__gte=SOFT), words, at=at)
