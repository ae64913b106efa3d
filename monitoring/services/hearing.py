"""The past that rules judge by: of any number of metrics in one query a source."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db import connection

from monitoring.domain.rules import Shelf, Source, Track, Tracks

FIVE_MINUTES: Final = 300

# Each stretch by the index, whatever the planner thinks of their number.
SAMPLES = """
SELECT metric, extract(epoch FROM at)::float8, value
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS span (metric, since, until)
CROSS JOIN LATERAL (
    SELECT at, value FROM monitoring_sample
    WHERE metric_id = span.metric AND at > span.since AND at <= span.until OFFSET 0
) AS found ORDER BY metric, found.at
"""
# What is rolled up is known when its five minutes are over.
ROLLED = f"""
SELECT metric, extract(epoch FROM at)::float8 + {FIVE_MINUTES}, {{column}}
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS span (metric, since, until)
CROSS JOIN LATERAL (
    SELECT at, {{column}} FROM monitoring_rollup_5m
    WHERE metric_id = span.metric AND at > span.since AND at <= span.until OFFSET 0
) AS found ORDER BY metric, found.at
"""  # noqa: S608 - of our own constants
# A score holds until it is over; where one begins as another ends, the one that begins counts.
# That nothing is heard is for the rules of that kind to say, or one trouble would be two alerts.
ALARMS = """
SELECT metric, edge.at, edge.score
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS span (metric, since, until)
JOIN monitoring_anomaly AS strange ON strange.metric_id = span.metric
    AND strange.until > span.since AND strange.at <= span.until AND strange.feedback <> 'noise'
    AND strange.reason <> 'no-data'
CROSS JOIN LATERAL (VALUES
    (extract(epoch FROM strange.at)::float8, strange.score),
    (extract(epoch FROM strange.until)::float8, 0)
) AS edge (at, score) ORDER BY metric, edge.at, edge.score DESC
"""
QUERIES: Final = {
    Source.SAMPLES: SAMPLES,
    Source.HIGHS: ROLLED.format(column="high"),
    Source.LOWS: ROLLED.format(column="low"),
    Source.MEANS: ROLLED.format(column="mean"),
    Source.ALARMS: ALARMS,
}
EMPTY: Final = Shelf()
Stretch = tuple[float, float]


@dataclass
class Past:
    """First say all that is wanted, then hear it at once."""

    instead: Mapping[Source, Source] = field(default_factory=dict)  # where one is too much to read
    _wanted: dict[Source, dict[int, set[Stretch]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    _shelves: dict[Source, Shelf] = field(default_factory=dict)

    def want(self, source: Source, metrics: Iterable[int], since: float, until: float) -> None:
        wanted, stretch = self._wanted[self.instead.get(source, source)], (since, until)
        for metric in metrics:
            wanted[metric].add(stretch)

    def hear(self) -> None:
        for source, wanted in self._wanted.items():
            self._shelves[source] = _heard(QUERIES[source], wanted)

    def of(self, source: Source, metric: int) -> Track:
        return self._shelf(source).track(metric)

    def of_all(self, source: Source, metrics: Sequence[int]) -> Tracks:
        return self._shelf(source).tracks(metrics)

    def _shelf(self, source: Source) -> Shelf:
        return self._shelves.get(self.instead.get(source, source), EMPTY)


def _heard(sql: str, wanted: Mapping[int, Collection[Stretch]]) -> Shelf:
    rows = [
        (metric, _moment(since), _moment(until))
        for metric, stretches in wanted.items()
        for since, until in _joined(stretches)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, list(map(list, zip(*rows, strict=True))))
        return Shelf.of(cursor.fetchall())


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Rules that look at the same time read it once."""
    joined: list[Stretch] = []
    for since, until in sorted(stretches):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
