"""From an address that somebody typed to a subscriber who said yes, and out again.

Whoever types an address learns nothing of it: the answer is the same, and only its mailbox hears more.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.crypto import constant_time_compare

from core.nudge import nudge
from statuspage import endpoints, tokens
from statuspage.domain.choosing import Choice
from statuspage.models import (
    Component,
    Foretold,
    Group,
    LetterName,
    Shape,
    Standing,
    Subscriber,
    SubscriberQuerySet,
    Way,
)
from statuspage.services import limiting

POST: Final = "statuspage.post"
CALL: Final = "statuspage.call"
COMPLAINED: Final = "complaint"
STOPPED: Final = "STOP"  # said from the phone itself
SILENT: Final = frozenset({COMPLAINED, STOPPED})  # nobody else's typing makes us write to them
GUESSES: Final = 5
OF_CODE: Final = timedelta(minutes=30)
OF_LETTER: Final = {
    LetterName.CONFIRM: timedelta(hours=48),
    LetterName.MANAGE: timedelta(hours=1),
}


@dataclass(frozen=True)
class Wish:
    """`address` as `addresses` has it; of a webhook the mailbox of whoever answers for it is `contact`."""

    address: str
    choice: Choice
    language: str
    way: Way = Way.EMAIL
    contact: str = ""
    shape: Shape = Shape.STANDARD
    push_keys: str = ""


def ask(wish: Wish, *, client: str, at: datetime) -> None:
    """Raises `Refused` when too many come from there, or from everywhere."""
    limiting.admit(client, at=at, text=wish.way == Way.SMS)
    with transaction.atomic():
        one = _held(wish, at)
        if one.standing in {Standing.UNCONFIRMED, Standing.GONE}:
            one.contact, one.push_keys = (
                wish.contact,
                wish.push_keys,
            )  # nobody has said yes to another
        if one.why in SILENT or not limiting.may_write_to(one.mailbox, at=at):
            return
        if one.standing == Standing.GONE:
            one.key, one.created_at, one.why = uuid.uuid4(), at, ""
            one.standing, one.ended_at, one.confirmed_at = Standing.UNCONFIRMED, None, None
        if one.standing == Standing.UNCONFIRMED:
            one.choose(wish.choice)
            one.language, one.shape = wish.language, wish.shape
        one.letter = LetterName.MANAGE if one.standing == Standing.ACTIVE else LetterName.CONFIRM
        one.letter_at = one.letter_due_at = at
        one.letter_tries = one.guesses = 0
        one.save()
        nudge(POST)


def _held(wish: Wish, at: datetime) -> Subscriber:
    new = Subscriber(
        way=wish.way, address=wish.address, language=wish.language, created_at=at,
        contact=wish.contact, shape=wish.shape, push_keys=wish.push_keys,
    )  # fmt: skip
    new.letter_at = at  # from which the days run until one who never answers is forgotten
    new.choose(wish.choice)
    Subscriber.objects.bulk_create([new], ignore_conflicts=True)
    return Subscriber.objects.select_for_update().get(way=wish.way, address=wish.address)


def opened(token: str, letter: LetterName, *, at: datetime) -> Subscriber | None:
    """Whose letter it is, while it is good. Looking uses nothing up: scanners look."""
    one = tokens.behind(token, letter)
    fresh = one and one.letter_at and at < one.letter_at + OF_LETTER[letter]
    return one if fresh else None


def typed(address: str, code: str, *, at: datetime) -> str | None:
    """The token of the letter whose code it is. Each guess counts, and a few end the code."""
    with transaction.atomic():
        asked = Subscriber.objects.select_for_update().filter(
            way=Way.SMS, address=address, letter_at__gt=at - OF_CODE, guesses__lt=GUESSES
        )
        one = asked.exclude(letter="").first()
        if one is None:
            return None
        one.guesses += 1
        one.save(update_fields=["guesses"])
        same = constant_time_compare(tokens.code_of(one), code.strip())
        return tokens.of_letter(one) if same else None


def confirm(token: str, *, at: datetime) -> Subscriber | None:
    """From now on they are told. None: the link was used, is too old, or is nobody's.

    Raises `Refused` when an endpoint does not answer as it must: it is not theirs, or not ready.
    """
    one = opened(token, LetterName.CONFIRM, at=at)
    if one is None:
        return None
    if one.way == Way.WEBHOOK:
        endpoints.challenge(one)
    used = _use(one).update(
        standing=Standing.ACTIVE, confirmed_at=at, ended_at=None, why="",
        soft_bounces=0, soft_since=None, failures=0, failing_since=None, letter="", letter_due_at=None,
    )  # fmt: skip
    return one if used else None


def change(token: str, choice: Choice, language: str, *, at: datetime) -> Subscriber | None:
    one = opened(token, LetterName.MANAGE, at=at)
    if one is None:
        return None
    one.choose(choice)
    used = _use(one).update(
        components=one.components, groups=one.groups, minimum=one.minimum, quiet=one.quiet,
        incidents=one.incidents, maintenance=one.maintenance, language=language,
        letter="", letter_due_at=None,
    )  # fmt: skip
    return one if used else None


def _use(one: Subscriber) -> SubscriberQuerySet:
    return Subscriber.objects.filter(pk=one.pk, letter=one.letter, letter_at=one.letter_at)


def leave(token: str, *, at: datetime) -> bool:
    """Whether the link is somebody's; a second time changes nothing."""
    key = tokens.key_leaving(token)
    found = Subscriber.objects.filter(key=key) if key else Subscriber.objects.none()
    end(found, at=at)
    return found.exists()


def end(rows: SubscriberQuerySet, *, at: datetime, why: str = "") -> int:
    return rows.exclude(standing=Standing.GONE).update(
        standing=Standing.GONE, ended_at=at, why=why, letter="", letter_due_at=None
    )


def quarantine(rows: SubscriberQuerySet, why: str, *, at: datetime) -> int:
    """Nothing is sent there any more, until they ask again or an operator lets them."""
    return rows.filter(standing=Standing.ACTIVE).update(
        standing=Standing.QUARANTINED, ended_at=at, why=why[:200]
    )


def readmit(one: Subscriber) -> bool:
    rows = Subscriber.objects.filter(pk=one.pk, standing=Standing.QUARANTINED)
    return bool(
        rows.update(
            standing=Standing.ACTIVE, ended_at=None, why="", soft_bounces=0, soft_since=None,
            failures=0, failing_since=None, letter="", letter_due_at=None,
        )
    )  # fmt: skip


def all_of(one: Subscriber) -> dict[str, Any]:
    """What is kept of them, in words that they know from the page."""
    components = Component.objects.filter(pk__in=one.components)
    groups = Group.objects.filter(pk__in=one.groups)
    kept = (
        "way", "address", "contact", "shape", "language", "standing", "why", "minimum", "incidents",
        "maintenance", "quiet", "created_at", "confirmed_at", "ended_at",
    )  # fmt: skip
    return {name: getattr(one, name) for name in kept} | {
        "components": [str(each) for each in components],
        "groups": [str(each) for each in groups],
    }


def purge(*, at: datetime) -> int:
    """Who never answered, who left, and who could not be reached for long."""
    limiting.forget(at=at)
    Foretold.objects.filter(mailing__done_at__isnull=False).delete()
    return Subscriber.objects.stale(at=at).delete()[0]
