"""The subscribers who are told by mail, kept beside the tables for the day when there are none (`statuspage.kept`)."""

from collections.abc import Iterator
from datetime import datetime

from statuspage import kept
from statuspage.kept import A_PIECE, Kept
from statuspage.models import Component, Standing, Subscriber, Way


def keep(*, at: datetime) -> int:
    """How many. Whoever left is not in it any more, nor in what was kept before: that file is gone."""
    counted = 0

    def pieces() -> Iterator[list[Kept]]:
        nonlocal counted
        for rows in _walk():
            counted += len(rows)
            yield rows

    places = {one.public_id: (one.pk, one.group_id) for one in Component.objects.all()}
    kept.write(places, pieces(), at=at)
    return counted


def _walk() -> Iterator[list[Kept]]:
    """Piece by piece in the order of keys, so that memory is the same however many there are."""
    told = Subscriber.objects.filter(way=Way.EMAIL, standing=Standing.ACTIVE).order_by("pk")
    after = 0
    while rows := list(told.filter(pk__gt=after)[:A_PIECE]):
        after = rows[-1].pk
        yield [Kept(one.pk, one.key, one.address, one.language, one.choice) for one in rows]
