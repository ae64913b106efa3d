"""What a rule would have said of the past, by the very function that judges the present.

Bounded: so many metrics, and no more samples than a reader waits for; of more, the roll-ups answer.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
from django.db import connection

from monitoring.domain.resolution import Resolution
from monitoring.domain.rules import (
    ANEW,
    STEP,
    Change,
    Course,
    Firing,
    Forecast,
    Heard,
    Rate,
    Ratio,
    Source,
    Threshold,
    grid,
    judged,
)
from monitoring.domain.rules.drawing import Chart, chart
from monitoring.models import Rule
from monitoring.ranking import ranked
from monitoring.services.hearing import Past
from monitoring.services.partitioning import kept
from monitoring.services.targeting import Case, cases, want
from monitoring.services.together import Together, members

WEEK: Final = timedelta(days=7)
SHOWN: Final = 8  # metrics
DEEPEST: Final = 3  # rules about rules about rules
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

    @property
    def known(self) -> bool:
        return not bool(np.isnan(self.course.values).all())

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
    def is_blind(self) -> bool:
        """Nothing was there to judge by, which is not the same as nothing to fear."""
        return not any(one.known for one in self.shown)

    @property
    def affected(self) -> int:
        return sum(bool(one.firings) for one in self.shown)


def preview(
    rule: Rule, *, at: datetime, back: timedelta = WEEK, first: Sequence[int] = ()
) -> Preview:
    """Of those that went farthest, unless some are asked for first. May raise BadRule, BadMatcher."""
    fitting, since, most = cases([rule], at=at)[rule.pk], at - back, _many(rule)
    asked = [case for case in fitting if case.key[1] in first][:most]
    others = [case for case in fitting if case.key[1] not in first]
    chosen = asked + ranked(rule, others, since=since, most=most - len(asked))
    looked, coarse = _looked(rule, chosen, since, at)
    looked.sort(key=lambda one: (one.case.key[1] not in first, -len(one.firings)))
    return Preview(since, at, looked, len(fitting), coarse)


def _looked(
    rule: Rule, chosen: Sequence[Case], since: datetime, until: datetime, depth: int = 0
) -> tuple[list[Looked], bool]:
    start = since - WARM - rule.lasts
    farthest = max((need.back for need in rule.judge.needs), default=0.0)
    raw = any(need.source is Source.SAMPLES for need in rule.judge.needs)
    coarse = raw and _is_much(chosen, start - timedelta(seconds=farthest), until)
    if coarse:
        chosen = [case._replace(rule=_coarser(rule)) for case in chosen]
    past = Past(instead=_instead(rule) if coarse else {})
    moments = grid(start.timestamp(), until.timestamp(), rule.judge.step)
    if chosen:
        want(chosen[0].rule, chosen, past, float(moments[0]), float(moments[-1]))
    past.hear()
    edges = since.timestamp(), until.timestamp()
    looked = []
    for case in chosen:
        heard = (
            case.heard(past, fires=True) if case.metric else _together(rule, start, until, depth)
        )
        course = judged(case.rule.judge, rule.lasting, heard, moments, ANEW)
        looked.append(Looked(case, course, *edges))
    return looked, coarse


def _together(rule: Rule, since: datetime, until: datetime, depth: int) -> Heard:
    """The past of the rules it asks for, each with as many metrics as are looked at."""
    past = Together()
    asked = Rule.objects.filter(pk__in=members(rule), enabled=True) if depth < DEEPEST else []
    for one in asked:
        theirs = ranked(one, cases([one], at=until)[one.pk], since=since, most=_many(one))
        if theirs:
            looked, _coarse = _looked(one, theirs, since, until, depth + 1)
            past.add(one.pk, [each.course for each in looked])
    return past.heard(rule, since.timestamp())


def _many(rule: Rule) -> int:
    """A forecast is made anew for each moment, and takes its time."""
    return SHOWN // 2 if isinstance(rule.judge, Forecast) else SHOWN


def _is_much(chosen: Sequence[Case], since: datetime, until: datetime) -> bool:
    """Or no longer there."""
    days = kept()[Resolution.RAW]
    if days is not None and since < until - days:
        return True
    keys = [one.pk for case in chosen for one in (case.metric, *case.against, *case.also) if one]
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [keys, since])
        return int(cursor.fetchone()[0]) > SAMPLES


def _instead(rule: Rule) -> dict[Source, Source]:
    extreme = {"max": Source.HIGHS, "min": Source.LOWS}
    return {Source.SAMPLES: extreme.get(rule.params.get("aggregate", ""), Source.MEANS)}


def _coarser(rule: Rule) -> Rule:
    """Looks back far enough to find one of every five minutes."""
    coarser = copy(rule)
    if isinstance(rule.judge, Threshold | Rate | Change | Ratio):
        coarser.judge = replace(rule.judge, window=max(rule.judge.window, ROLLED_WINDOW))
    return coarser
