"""The outbox of an incident that is only supposed: what would go out, and what would be withdrawn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from incidents.domain.paging import Page, PageKey

Slot = tuple[int, PageKey]  # nobody is paged twice by one channel in one round


@dataclass
class Envelope:
    page: Page
    created: datetime
    due: datetime
    withdrawn: bool = False

    def waits(self, at: datetime) -> bool:
        return not self.withdrawn and self.due > at

    def settled(self, at: datetime) -> bool:
        """Nothing that comes after this moment changes whether it goes out."""
        return self.withdrawn or self.due <= at


@dataclass
class Rehearsal:
    """As `notifications.services.queue_again` and `cancel` do it, where every page goes out when due."""

    round: int = 0
    people: set[int] = field(default_factory=set)  # who was paged, withdrawn or not
    _slots: dict[Slot, Envelope] = field(default_factory=dict)

    def known(self, *, at: datetime, triggered: bool) -> dict[PageKey, datetime]:
        """When each was there or will be; what was withdrawn counts only after an answer."""
        there: dict[PageKey, datetime] = {}
        for (_round, key), envelope in self._slots.items():
            if triggered and envelope.withdrawn:
                continue
            moment = envelope.due if envelope.waits(at) else envelope.created
            there[key] = min(moment, there.get(key, moment))
        return there

    def queue(self, pages: Iterable[Page], *, at: datetime) -> list[Envelope]:
        """A later page replaces the one that still waits for no sooner a time."""
        wanted = {page.key: page for page in pages}
        for (_round, key), old in self._slots.items():
            page = wanted.get(key)
            if page and old.waits(at) and old.due >= at + page.after:
                old.withdrawn = True
        found = [self._put(page, at) for page in wanted.values()]
        self.people |= {page.user_id for page in wanted.values() if page.user_id}
        return [envelope for envelope in found if envelope]

    def _put(self, page: Page, at: datetime) -> Envelope | None:
        """None: it is there already and stays as it is."""
        there = self._slots.get((self.round, page.key))
        if there and not there.withdrawn:
            return None
        made = Envelope(page, at, at + page.after)
        self._slots[self.round, page.key] = made
        return made

    def withdraw(self, *, at: datetime, which: Callable[[Page], bool] = lambda _page: True) -> None:
        for envelope in self._slots.values():
            if envelope.waits(at) and which(envelope.page):
                envelope.withdrawn = True
