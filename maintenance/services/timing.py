"""How long the portal's own requests took, a row a day and route."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Max, Sum

from maintenance.domain.slowness import Spell, Work
from maintenance.models import RouteDay

A_WEEK: Final = timedelta(days=7)
KEPT: Final = timedelta(days=90)
LETTERS: Final = 200
# Every process in the order of the routes, or two could wait for each other for ever.
ADD: Final = """
INSERT INTO maintenance_routeday AS known (day, route, requests, seconds, slowest)
SELECT %s, * FROM unnest(%s::text[], %s::bigint[], %s::float8[], %s::float8[])
ON CONFLICT (day, route) DO UPDATE SET
    requests = known.requests + excluded.requests,
    seconds = known.seconds + excluded.seconds,
    slowest = greatest(known.slowest, excluded.slowest)
"""


def add_requests(spells: Mapping[str, Spell], *, at: datetime) -> None:
    named = {route[:LETTERS]: spell for route, spell in spells.items()}
    rows = [(one, spell.requests, spell.seconds, spell.slowest) for one, spell in named.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            ADD, [at.astimezone(UTC).date(), *map(list, zip(*sorted(rows), strict=True))]
        )


def requests_of_week(until: datetime) -> tuple[dict[str, Work], dict[str, float]]:
    """Of seven days, this one too; and how long the slowest request of each took, in seconds."""
    last = until.astimezone(UTC).date()
    days = RouteDay.objects.filter(day__gt=last - A_WEEK, day__lte=last).order_by()
    found = days.values_list("route").annotate(Sum("requests"), Sum("seconds"), Max("slowest"))
    works, slowest = {}, {}
    for route, requests, seconds, longest in found:
        works[route], slowest[route] = Work(requests, 1_000 * seconds), longest
    return works, slowest


def prune_requests(*, at: datetime) -> None:
    RouteDay.objects.filter(day__lt=(at - KEPT).astimezone(UTC).date()).delete()
