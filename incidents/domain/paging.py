"""Who is paged, and by which channels: plain records in, a list of pages out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    user_id: int | None  # None: a machine, paged at its address
    name: str
    language: str
    channel: str
    address: str


@dataclass(frozen=True)
class Person:
    user_id: int
    name: str
    language: str
    addresses: Mapping[str, str]  # by channel; a channel the person lacks is absent


def plan(people: Iterable[Person], channels: Sequence[str]) -> Iterator[Page]:
    """Every person by every channel of the severity, the loudest channel first.

    Somebody whom none of those channels reaches is paged by whatever they have: silence is worse.
    """
    everyone = {person.user_id: person for person in people}.values()
    for channel in channels:
        for person in everyone:
            if channel in person.addresses:
                yield _page(person, channel)
    for person in everyone:
        if not any(channel in person.addresses for channel in channels):
            yield from (_page(person, channel) for channel in sorted(person.addresses))


def _page(person: Person, channel: str) -> Page:
    return Page(person.user_id, person.name, person.language, channel, person.addresses[channel])
