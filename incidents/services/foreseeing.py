"""The exact pages of the future: the rules that run, asked about a time that has not come."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from incidents.domain.foresight import Moment, Rules, Turn, foresee
from incidents.domain.paging import Page, PageKey
from incidents.services.escalating import MISSED
from incidents.services.policies import Book, read_book
from teams.models import Service, User

HORIZON: Final = timedelta(days=7)


class Scene(NamedTuple):
    """One moment, and everyone who is paged then; nobody: a hole."""

    moment: Moment
    pages: list[Page]


def pages_to_come(
    severity: str,
    *,
    services: Sequence[Service] = (),
    at: datetime,
    until: datetime | None = None,
) -> Iterator[Scene]:
    """What happens if nobody answers an incident that opens at this moment."""
    book = read_book(at=at)
    rules = {name: Rules(row.targets, row.plan) for name, row in book.policies.items()}
    paged: dict[int, User] = {}
    there: dict[PageKey, datetime] = {}
    for moment in foresee(rules, severity, at=at, until=until or at + HORIZON):
        book.directory.at = moment.at  # read once, asked about each moment in turn
        step = (
            MISSED
            if moment.turn == Turn.UNRESOLVED
            else rules[moment.severity].plan.step(moment.place)
        )
        also = _also(book, moment, paged.values())
        pages = book.pages(moment.severity, step, services=services, also=also)
        if moment.turn == Turn.UNRESOLVED:
            pages = [page for page in pages if page.is_news(there, at=moment.at)]
        for page in pages:
            due = moment.at + page.after
            there[page.key] = min(due, there.get(page.key, due))
        new = [page.user_id for page in pages if page.user_id and page.user_id not in paged]
        paged |= {person.pk: person for person in book.directory.people(new)}
        yield Scene(moment, pages)


def _also(book: Book, moment: Moment, paged: Iterable[User]) -> list[User]:
    if moment.turn != Turn.ESCALATED:
        return []
    return [*paged, *book.contact(moment.old)]
