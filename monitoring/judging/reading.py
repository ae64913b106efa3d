"""What is new, of all metrics, by one query."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

from django.db import connection

from monitoring.judging.memory import Judge, Reading

PAST: Final = timedelta(days=7)  # what a new metric learns from, if there is so much
SLICE: Final = 2_000  # readings of one metric in one tick
BUDGET: Final = 30_000  # of all: one or two seconds of judging
SOON: Final = 0.8  # of the usual time between two readings; before that nothing is looked for

# A walk down the index for each metric, in the order asked: whoever is up to date comes first, and
# the budget ends with those that are far behind. A sample from the future waits until its time.
NEW = """
SELECT asked.metric, found.at, found.value
FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked (metric, since)
CROSS JOIN LATERAL (
    SELECT at, value FROM monitoring_sample
    WHERE metric_id = asked.metric AND at > asked.since AND at <= %s ORDER BY at LIMIT %s
) AS found
LIMIT %s
"""


class Asked(NamedTuple):
    metric: int
    since: datetime


class News(NamedTuple):
    readings: dict[int, list[Reading]]
    behind: int  # metrics with more to come


def news(judges: dict[int, Judge], *, at: datetime) -> News:
    asked = _asked(judges, at)
    found = defaultdict[int, list[Reading]](list)
    with connection.cursor() as cursor:
        cursor.execute(
            NEW, [[one.metric for one in asked], [one.since for one in asked], at, SLICE, BUDGET]
        )
        for metric, moment, value in cursor.fetchall():
            found[metric].append((moment, value))
    return News(dict(found), _behind(asked, found))


def _asked(judges: dict[int, Judge], at: datetime) -> list[Asked]:
    far, asked = at - PAST, list[Asked]()
    for pk, judge in judges.items():
        since = judge.watch.until
        if since is None or since + SOON * judge.watch.every <= at:
            asked.append(Asked(pk, max(since, far) if since else far))
    asked.sort(key=lambda one: one.since, reverse=True)
    return asked


def _behind(
    asked: Sequence[Asked], found: dict[int, list[Reading]]
) -> int:  # fmt: skip
    behind = sum(len(rows) == SLICE for rows in found.values())
    if sum(map(len, found.values())) < BUDGET:
        return behind
    # The budget ended before these were looked at.
    return behind + sum(1 for _ in takewhile(lambda one: one.metric not in found, reversed(asked)))
