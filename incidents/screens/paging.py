"""How one person is paged, severity by severity, as it would happen now and in their quiet hours."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from core.severity import Severity
from incidents.domain.paging import Page
from incidents.narration_paging import channel_name
from incidents.services.policies import Book
from teams.models import User


@dataclass(frozen=True)
class Stop:
    minutes: int  # after the call
    channels: str


@dataclass(frozen=True)
class Course:
    severity: str
    stops: list[Stop]
    held: bool  # in quiet hours


def courses(book: Book, user: User) -> list[Course]:
    return [_course(level, book, user) for level in Severity]


def _course(level: Severity, book: Book, user: User) -> Course:
    pages = book.own_pages(level, user)
    return Course(level, list(_stops(pages)), held=bool(user.quiet_from) and not level.grave)


def _stops(pages: Iterable[Page]) -> Iterator[Stop]:
    for after, together in groupby(sorted(pages, key=attrgetter("after")), attrgetter("after")):
        ways = ", ".join(channel_name(page.channel) for page in together)
        yield Stop(after // timedelta(minutes=1), ways)
