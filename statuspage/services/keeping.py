"""The subscribers who are told by mail, kept beside the tables for the day when there are none (`statuspage.kept`).

Each piece of the book is a thousand keys wide. Triggers note whose row changed (`Touched`), so that only the pieces of
those are asked for again; the others are taken from the book before.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from core.sealed import Unreadable
from statuspage import kept
from statuspage.kept import A_PIECE, Book, Kept, Places
from statuspage.models import Component, Standing, Subscriber, Touched, Way

WHOLE: Final = timedelta(days=1)  # what no trigger saw, such as a restored backup, is in it by then


def keep(*, at: datetime) -> int:
    """How many pieces were asked for. Whoever left is in none, nor in what was kept before: that file is gone."""
    seen = Touched.objects.seen_until()
    places = {one.public_id: (one.pk, one.group_id) for one in Component.objects.all()}
    if book := _usable(seen, at=at):
        changed = Touched.objects.pieces(since=book.seen, wide=A_PIECE)
        if not changed and book.places == places:
            book.confirm(at=at)
            return 0
        try:
            return _write(places, _renewed(book, changed), seen, whole_at=book.whole_at, at=at)
        except Unreadable:
            pass  # damaged since it was opened
    asked = _write(places, _all(), seen, whole_at=at, at=at)
    Touched.objects.filter(at__lt=at - 2 * WHOLE).delete()
    return asked


def _usable(seen: int, *, at: datetime) -> Book | None:
    """The book before, if it says from when on changes count. A database that was put back counts from earlier."""
    try:
        book = Book()
    except Unreadable:
        return None
    fresh = book.wide == A_PIECE and book.seen <= seen and at < book.whole_at + WHOLE
    return book if fresh else None


def _write(
    places: Places, pieces: Iterator[list[Kept] | bytes], seen: int, *, whole_at: datetime, at: datetime
) -> int:  # fmt: skip
    asked = 0

    def counted() -> Iterator[list[Kept] | bytes]:
        nonlocal asked
        for piece in pieces:
            asked += not isinstance(piece, bytes)
            yield piece

    kept.write(places, counted(), seen=seen, wide=A_PIECE, whole_at=whole_at, at=at)
    return asked


def _all() -> Iterator[list[Kept]]:
    return (_piece(number) for number in range(_how_many()))


def _renewed(book: Book, changed: Collection[int]) -> Iterator[list[Kept] | bytes]:
    """Piece by piece, so that memory is the same however many there are."""
    numbered = zip_longest(range(_how_many()), book.pieces())
    for number, before in numbered:
        if number is None:
            return  # the last ones are deleted
        yield _piece(number) if before is None or number in changed else before


def _how_many() -> int:
    last = Subscriber.objects.order_by("-pk").values_list("pk", flat=True).first()
    return 0 if last is None else last // A_PIECE + 1


def _piece(number: int) -> list[Kept]:
    told = Subscriber.objects.filter(way=Way.EMAIL, standing=Standing.ACTIVE).order_by("pk")
    rows = told.filter(pk__gte=number * A_PIECE, pk__lt=(number + 1) * A_PIECE)
    return [Kept(one.pk, one.key, one.address, one.language, one.choice) for one in rows]
