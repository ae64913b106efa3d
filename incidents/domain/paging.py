"""Who is paged, by which channels and when: plain records in, a list of pages out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

NOW: Final = timedelta(0)
LATEST: Final = timedelta(minutes=5)  # what a grave severity asks for never waits longer


@dataclass(frozen=True)
class Page:
    user_id: int | None  # None: a machine, paged at its address
    name: str
    language: str
    channel: str
    address: str
    after: timedelta = NOW  # how long it waits from the moment of the call
    held: bool = False  # it waits because it is this person's quiet time

    @property
    def key(self) -> "PageKey":
        return self.user_id, self.channel, self.address

    def is_news(self, there: "Mapping[PageKey, datetime]", *, at: datetime) -> bool:
        """Nobody was paged so before, or will be only later than this would."""
        return self.key not in there or at + self.after < there[self.key]


PageKey = tuple[int | None, str, str]


@dataclass(frozen=True)
class Person:
    user_id: int
    name: str
    language: str
    addresses: Mapping[str, str]  # by channel; a channel the person lacks is absent
    wishes: Mapping[str, timedelta] | None = None  # by channel, how long it waits; None: no wishes
    quiet: timedelta = NOW  # so long they want to hear of nothing but what is grave


def plan(people: Iterable[Person], channels: Sequence[str], *, grave: bool) -> Iterator[Page]:
    """Every person by every channel of the severity, the loudest channel first.

    Somebody whom none of those channels reaches is paged by whatever they have: silence is worse.
    A person's wishes come first, the earliest of them at once. What is grave knows no quiet time,
    and then the severity's other channels follow.
    """
    everyone = {person.user_id: person for person in people}.values()
    waits = {person.user_id: _waits(person, channels, grave=grave) for person in everyone}
    named = {channel for each in waits.values() for channel in each}
    for channel in [*channels, *sorted(named - set(channels))]:
        for person in everyone:
            if channel in waits[person.user_id]:
                held = bool(person.quiet) and not grave
                after = person.quiet if held else waits[person.user_id][channel]
                yield Page(
                    person.user_id, person.name, person.language,
                    channel, person.addresses[channel], after, held,
                )  # fmt: skip


def _waits(person: Person, channels: Sequence[str], *, grave: bool) -> dict[str, timedelta]:
    usual = [channel for channel in channels if channel in person.addresses]
    wishes = {
        channel: wait
        for channel, wait in (person.wishes or {}).items()
        if channel in person.addresses
    }
    if not wishes:
        return dict.fromkeys(usual or person.addresses, NOW)
    first = min(wishes.values())
    waits = {channel: wait - first for channel, wait in wishes.items()}
    if grave:
        waits = {channel: min(wait, LATEST) for channel, wait in waits.items()}
        waits = dict.fromkeys(usual, LATEST) | waits
    return waits
