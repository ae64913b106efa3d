"""What the readings tell, for many wallets in one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Sum

from energy.domain.forecast import Burned, Ending, Pace, pace, per_hour
from energy.domain.measuring import SUN
from energy.domain.policy import KINDS, Lever
from energy.models import Purchase, Reading
from runbooks.domain.actions import OPEN, PAID
from runbooks.models import Action

WEEK: Final = timedelta(weeks=1)
WEEKS: Final = 8
RECENT: Final = timedelta(minutes=15)
AROUND: Final = timedelta(minutes=30)  # this hour of the week: half of it before, half after
LEAST: Final = 60.0  # seconds that were measured, to speak of a pace
SPREAD: Final = 300.0  # what was used at once is of so many seconds at least: a burst is no pace

PACES = """
SELECT reading.wallet_id, span.week, sum(reading.burned), sum(reading.burned_seconds)
FROM unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) AS span (week, since, until)
JOIN energy_reading AS reading
  ON reading.wallet_id = ANY(%s) AND reading.at > span.since AND reading.at <= span.until
WHERE reading.burned_seconds > 0
GROUP BY 1, 2
"""

COURSES = """
SELECT wallet_id, date_bin(%s::interval, at, 'epoch') AS since,
       min(100.0 * greatest(0, "limit" - used) / "limit"),
       avg(100.0 * greatest(0, "limit" - used) / "limit"),
       max(100.0 * greatest(0, "limit" - used) / "limit"),
       sum(burned), sum(burned_seconds)
FROM energy_reading
WHERE wallet_id = ANY(%s) AND at >= %s AND at <= %s AND fault = '' AND "limit" > 0
GROUP BY 1, 2 ORDER BY 1, 2
"""

USED = """
SELECT wallet_id, sum(burned) FROM energy_reading
WHERE wallet_id = ANY(%s) AND at >= %s AND at <= %s GROUP BY 1
"""


@dataclass(frozen=True)
class Bucket:
    """Percent left over a time, and how much was used in it."""

    at: datetime
    low: float
    mean: float
    high: float
    burned: Burned


def paces(wallets: Iterable[int], *, at: datetime) -> dict[int, Pace]:
    """By wallet; one of which nothing is known yet is not in it."""
    spans = [(0, at - RECENT, at)]
    spans += [
        (week, at - week * WEEK - AROUND, at - week * WEEK + AROUND) for week in range(1, WEEKS + 1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(PACES, [*map(list, zip(*spans, strict=True)), list(wallets)])
        rows = cursor.fetchall()
    rates: dict[int, dict[int, float]] = {}
    for wallet, week, energy, seconds in rows:
        rate = per_hour([Burned(at, int(energy), max(seconds, SPREAD))])
        if rate is not None and seconds >= LEAST:
            rates.setdefault(wallet, {})[week] = rate
    found = {
        wallet: pace([rate for week, rate in known.items() if week], known.get(0))
        for wallet, known in rates.items()
    }
    return {wallet: one for wallet, one in found.items() if one}


def endings(readings: Iterable[Reading], *, at: datetime) -> dict[int, list[Ending]]:
    """By wallet: when what was rented for it goes, and how much of the limit with it."""
    known = {one.wallet_id: one for one in readings if one.total_weight}
    found: dict[int, list[Ending]] = {}
    for row in Purchase.objects.running(at).filter(wallet__in=known):
        reading = known[row.wallet_id]
        energy = row.arrived_sun // SUN * reading.total_limit // reading.total_weight
        ending = Ending((row.ends_at - at).total_seconds(), energy)
        found.setdefault(row.wallet_id, []).append(ending)
    return found


def bought_since(wallet: int, since: datetime) -> int:
    """Sun that markets were paid, or may be paid still."""
    rows = Action.objects.filter(
        kind=KINDS[Lever.BUY_ENERGY], parameters__wallet=wallet, began_at__gte=since,
        state__in=PAID | OPEN,
    )  # fmt: skip
    return int(rows.aggregate(sun=Sum("sun"))["sun"] or 0)


def courses(
    wallets: Iterable[int], since: datetime, until: datetime, *, step: timedelta
) -> dict[int, list[Bucket]]:
    with connection.cursor() as cursor:
        cursor.execute(COURSES, [f"{step.total_seconds()} seconds", list(wallets), since, until])
        rows = cursor.fetchall()
    found: dict[int, list[Bucket]] = {}
    for wallet, at, low, mean, high, energy, seconds in rows:
        bucket = Bucket(
            at + step / 2, float(low), float(mean), float(high), Burned(at, int(energy), seconds)
        )
        found.setdefault(wallet, []).append(bucket)
    return found


def used_since(wallets: Iterable[int], since: datetime, *, at: datetime) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(USED, [list(wallets), since, at])
        return {wallet: int(energy) for wallet, energy in cursor.fetchall()}
