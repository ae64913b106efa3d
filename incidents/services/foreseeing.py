"""The exact pages of the future: the rules that run, asked about a time that has not come."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.severity import Severity
from incidents.domain.escalation import Instead, Step
from incidents.domain.foresight import Deed, Moment, Rules, Turn, foresee
from incidents.domain.paging import Page
from incidents.domain.rehearsal import Envelope, Rehearsal
from incidents.services.escalating import MISSED
from incidents.services.policies import Book, read_book
from teams.models import Service, User

HORIZON: Final = timedelta(days=7)
ENDS: Final = {Turn.ACKNOWLEDGED, Turn.MITIGATED, Turn.RESOLVED}  # the calls
SILENT: Final = {Turn.ANSWERED, *ENDS}


class Scene(NamedTuple):
    """One moment, and everyone who is paged then; nobody, though it calls: a hole."""

    moment: Moment
    envelopes: list[Envelope]
    calls: bool
    known: bool  # there is somebody, and they have been called before

    @property
    def pages(self) -> list[Page]:
        """Which go out."""
        return [each.page for each in self.envelopes if not each.withdrawn]

    @property
    def spared(self) -> list[Page]:
        """Which wait, and are withdrawn before it is their time."""
        return [each.page for each in self.envelopes if each.withdrawn]


def pages_to_come(
    severity: str,
    *,
    services: Sequence[Service] = (),
    at: datetime,
    until: datetime | None = None,
    deeds: Sequence[Deed] = (),
    routed_to: int | None = None,
) -> Iterator[Scene]:
    """What happens to an incident that opens at this moment if people do just this, usually nothing.

    A scene comes when it is certain which of its pages go out.
    """
    book = read_book(at=at)
    rules = {name: Rules(row.targets, row.plan) for name, row in book.policies.items()}
    play = _Play(book, rules, services, Instead(routed_to) if routed_to else None)
    waiting: deque[Scene] = deque()
    for moment in foresee(rules, severity, at=at, until=until or at + HORIZON, deeds=deeds):
        while waiting and all(each.settled(moment.at) for each in waiting[0].envelopes):
            yield waiting.popleft()
        waiting.append(play.scene(moment))
    yield from waiting


class _Play:
    """One incident as it goes on: who was paged, and what still waits."""

    def __init__(
        self,
        book: Book,
        rules: dict[str, Rules],
        services: Sequence[Service],
        instead: Instead | None,
    ) -> None:
        self.book, self.rules, self.services, self.instead = book, rules, services, instead
        self.outbox = Rehearsal()

    def scene(self, moment: Moment) -> Scene:
        self.book.directory.at = moment.at  # read once, asked about each moment in turn
        if self.instead and moment.turn in {Turn.ESCALATED, Turn.CHANGED}:
            self.instead = replace(self.instead, alone=False)
        milder = moment.turn == Turn.CHANGED and moment.severity > moment.old
        if milder or moment.turn in SILENT:
            self._withdraw(moment)
        if (milder and not moment.again) or moment.turn in SILENT:
            return Scene(moment, [], calls=False, known=False)
        pages = self.book.pages(
            moment.severity, self._step(moment), services=self.services, also=self._also(moment),
            instead=self.instead,
        )  # fmt: skip
        known = {}
        if moment.again:
            self.outbox.round += 1
        else:
            known = self.outbox.known(at=moment.at, triggered=moment.triggered)
        new = [
            page for page in pages
            if page.is_news(known, at=moment.at) and page.user_id not in moment.answered
        ]  # fmt: skip
        envelopes = self.outbox.queue(new, at=moment.at)
        return Scene(moment, envelopes, calls=True, known=bool(pages) and not envelopes)

    def _step(self, moment: Moment) -> Step:
        if moment.turn == Turn.UNRESOLVED:
            return MISSED
        place = 0 if moment.turn == Turn.CHANGED else moment.place
        return self.rules[moment.severity].plan.step(place)

    def _also(self, moment: Moment) -> list[User]:
        if moment.turn == Turn.LAPSED:
            return self.book.directory.people([moment.person])
        if moment.turn != Turn.ESCALATED:
            return []
        before = self.book.directory.people(sorted(self.outbox.people))
        return [*before, *self.book.contact(moment.old, self.instead)]

    def _withdraw(self, moment: Moment) -> None:
        """After an answer everything, or one's own; after a milder severity what is too loud for it."""
        if moment.turn in ENDS:
            self.outbox.withdraw(at=moment.at)
        elif moment.turn == Turn.ANSWERED:
            self.outbox.withdraw(at=moment.at, which=lambda page: page.user_id == moment.person)
        else:
            quiet = {*self.book[moment.severity].channels, "webhook"}
            self.outbox.withdraw(
                at=moment.at,
                which=lambda page: page.channel not in quiet | self._wished(page, moment.severity),
            )

    def _wished(self, page: Page, severity: str) -> set[str]:
        waits = self.book.directory.waits
        return set(waits.get((page.user_id or 0, Severity(severity).grave), ()))
