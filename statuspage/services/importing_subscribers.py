"""Subscribers of another page, taken over once: those who are here already, or were, stay as they are."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from core.nudge import nudge
from statuspage.domain.addresses import endpoint, normalised, phone
from statuspage.domain.exported import Exported
from statuspage.models import Component, Group, LetterName, Shape, Standing, Subscriber, Way
from statuspage.services.subscribing import POST

AT_ONCE: Final = 1_000
NAMED: Final = 20  # lines that were left out; whoever mends a file mends them by kind


@dataclass
class Counted:
    taken: int = 0
    known: int = 0
    lost: int = 0  # could not be reached there either
    unusable: int = 0  # no address of ours, or a way that no export tells enough of
    strange: int = 0  # wants components of which none is here
    left: list[tuple[int, str]] = field(
        default_factory=list
    )  # the first lines of those, and which of the three

    def leave(self, one: Exported, why: str) -> None:
        setattr(self, why, getattr(self, why) + 1)
        if one.line and len(self.left) < NAMED:
            self.left.append((one.line, why))


class Names:
    """What components and groups are called: their ids here and there, and their names in any language."""

    def __init__(self, there: Mapping[str, str]) -> None:
        self._there = there
        self._components = _named(Component.objects.all())
        self._groups = _named(Group.objects.all())

    def keys(self, said: Iterable[str]) -> tuple[list[int], list[int]]:
        names = [name for one in said for name in (one, self._there.get(one, ""))]
        components = {self._components[one] for one in names if one in self._components}
        groups = {self._groups[one] for one in names if one in self._groups}
        return sorted(components), sorted(groups)


def _named(rows: Iterable[Component | Group]) -> dict[str, int]:
    return {
        name: one.pk for one in rows for name in (one.public_id, one.name_ko, one.name_en) if name
    }


def take_over_subscribers(
    rows: Iterable[Exported], there: Mapping[str, str], *, confirmed: bool, language: str, at: datetime
) -> Counted:  # fmt: skip
    """`confirmed`: they said yes there, and whoever runs this may write to them. Otherwise each is asked by a
    letter; a phone is not, for its code has no form to be typed in."""
    counted, names, all_rows = Counted(), Names(there), iter(rows)
    while some := list(itertools.islice(all_rows, AT_ONCE)):
        found: dict[tuple[str, str], Subscriber] = {}
        for one in some:
            if made := _made(one, names, counted, confirmed=confirmed, language=language, at=at):
                counted.known += (made.way, made.address) in found
                found.setdefault((made.way, made.address), made)
        _keep(found, counted)
    return counted


@transaction.atomic
def foresee(
    rows: Iterable[Exported], *, confirmed: bool, language: str, at: datetime
) -> Counted:  # fmt: skip
    """What taking them over would come to; nobody is kept and nobody is written to."""
    counted = take_over_subscribers(rows, {}, confirmed=confirmed, language=language, at=at)
    transaction.set_rollback(True)
    return counted


@transaction.atomic
def _keep(found: dict[tuple[str, str], Subscriber], counted: Counted) -> None:
    addresses = [address for _way, address in found]
    here = Subscriber.objects.filter(address__in=addresses).values_list("way", "address")
    known = found.keys() & set(here)
    counted.known += len(known)
    counted.taken += len(found) - len(known)
    Subscriber.objects.bulk_create(found.values(), ignore_conflicts=True)
    nudge(POST)


def _made(
    one: Exported, names: Names, counted: Counted, *, confirmed: bool, language: str, at: datetime
) -> Subscriber | None:
    if one.lost:
        counted.leave(one, "lost")
        return None
    where = _where(one)
    if where is None or (where[0] == Way.SMS and not confirmed):
        counted.leave(one, "unusable")
        return None
    components, groups = names.keys(one.components)
    if one.components and not (components or groups):
        counted.leave(one, "strange")  # everything would be more than they asked for
        return None
    way, address, contact = where
    made = Subscriber(
        way=way, address=address, contact=contact, language=language, created_at=at,
        components=components, groups=groups, quiet=way == Way.SMS, shape=Shape.STATUSPAGE,
    )  # fmt: skip
    if confirmed:
        made.standing, made.confirmed_at = Standing.ACTIVE, at
    else:
        made.letter, made.letter_at, made.letter_due_at = LetterName.CONFIRM, at, at
    return made


def _where(one: Exported) -> tuple[Way, str, str] | None:
    mail = normalised(one.email) or ""
    if one.mode == "email":
        return (Way.EMAIL, mail, "") if mail else None
    if one.mode == "sms":
        number = phone(one.phone, within=settings.STATUS_TEXTS_TO)
        return (Way.SMS, number, "") if number else None
    url = endpoint(one.endpoint, also=settings.OUTBOUND_ALLOW)
    if one.mode == "webhook" and url and mail:
        return Way.WEBHOOK, url, mail
    return None
