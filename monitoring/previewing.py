"""What a rule would have said of the past, by the very function that judges the present.

Bounded: so many metrics, and no more samples than a reader waits for; of more, the roll-ups answer.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.db import connection

from monitoring.domain.resolution import Resolution
from monitoring.domain.rules import (
    ANEW,
    STEP,
    Change,
    Course,
    Firing,
    Rate,
    Source,
    Threshold,
    grid,
    judged,
)
from monitoring.domain.rules.drawing import Chart, chart
from monitoring.models import Rule
from monitoring.services.hearing import Past
from monitoring.services.partitioning import kept
from monitoring.services.targeting import Case, cases

WEEK: Final = timedelta(days=7)
SHOWN: Final = 8  # metrics
SAMPLES: Final = 200_000
WARM: Final = timedelta(hours=1)  # judged before what is shown, so that it begins as it was
ROLLED_WINDOW: Final = 300.0 + STEP
COUNTED: Final = """
SELECT coalesce(sum(count), 0) FROM monitoring_rollup_1h WHERE metric_id = ANY(%s) AND at >= %s
"""


@dataclass(frozen=True)
class Looked:
    """One metric's past under the rule."""

    case: Case
    course: Course
    since: float
    until: float

    @cached_property
    def chart(self) -> Chart:
        return chart(self.course, self.case.rule.judge.bar, self.since, self.until)

    @cached_property
    def firings(self) -> list[Firing]:
        """Those of the time that is shown."""
        return [one for one in self.course.firings if (one.ended_at or self.until) > self.since]


@dataclass(frozen=True)
class Preview:
    since: datetime
    until: datetime
    shown: list[Looked]
    of: int  # metrics that fit
    coarse: bool  # by five minutes: shorter peaks are not all seen

    @property
    def count(self) -> int:
        return sum(len(one.firings) for one in self.shown)

    @property
    def affected(self) -> int:
        return sum(bool(one.firings) for one in self.shown)


def preview(
    rule: Rule, *, at: datetime, back: timedelta = WEEK, first: Sequence[int] = ()
) -> Preview:
    """Of those that fired most, unless some are asked for first. May raise BadRule, BadMatcher."""
    fitting = cases([rule], at=at)[rule.pk]
    ranked = sorted(fitting, key=lambda case: (case.metric.pk not in first, case.metric.pk))
    since = at - back
    looked, coarse = _looked(rule, ranked[:SHOWN], since, at)
    looked.sort(key=lambda one: (one.case.metric.pk not in first, -len(one.firings)))
    return Preview(since, at, looked, len(fitting), coarse)


def _looked(
    rule: Rule, chosen: Sequence[Case], since: datetime, until: datetime
) -> tuple[list[Looked], bool]:
    start = since - WARM - rule.lasts
    farthest = timedelta(seconds=max(need.back for need in rule.judge.needs))
    coarse = _is_much(chosen, start - farthest, until)
    if coarse:
        chosen = [Case(_coarser(rule), case.metric) for case in chosen]
    past = Past(instead=_instead(rule) if coarse else {})
    moments = grid(start.timestamp(), until.timestamp(), rule.judge.step)
    for case in chosen:
        case.want(past, float(moments[0]), float(moments[-1]))
    past.hear()
    edges = since.timestamp(), until.timestamp()
    courses = [
        judged(case.rule.judge, rule.lasting, case.heard(past), moments, ANEW) for case in chosen
    ]
    return [Looked(*pair, *edges) for pair in zip(chosen, courses, strict=True)], coarse


def _is_much(chosen: Sequence[Case], since: datetime, until: datetime) -> bool:
    """Or no longer there."""
    days = kept()[Resolution.RAW]
    if days is not None and since < until - days:
        return True
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [[case.metric.pk for case in chosen], since])
        return int(cursor.fetchone()[0]) > SAMPLES


def _instead(rule: Rule) -> dict[Source, Source]:
    extreme = {"max": Source.HIGHS, "min": Source.LOWS}
    return {Source.SAMPLES: extreme.get(rule.params.get("aggregate", ""), Source.MEANS)}


def _coarser(rule: Rule) -> Rule:
    """Looks back far enough to find one of every five minutes."""
    coarser = copy(rule)
    if isinstance(rule.judge, Threshold | Rate | Change):
        coarser.judge = replace(rule.judge, window=max(rule.judge.window, ROLLED_WINDOW))
    return coarser
