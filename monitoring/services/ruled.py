"""What came of judging a rule: its states and firings are kept, and what changed is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import isfinite
from typing import Final

from django.db import connection

from monitoring.domain.alerts import Signal
from monitoring.domain.anomalies import Reason
from monitoring.domain.rules import Course, Firing, State
from monitoring.models import Anomaly, Feedback, RuleFiring, RuleKind, RuleState
from monitoring.services.firing import began, ended
from monitoring.services.targeting import Case

COLUMNS: Final = ("state", "since", "value", "fired_at", "clear_since")
END: Final = """
UPDATE monitoring_rulefiring AS firing SET ended_at = over.ended_at
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS over (rule, metric, ended_at)
WHERE rule_id = over.rule AND metric_id IS NOT DISTINCT FROM over.metric
    AND firing.ended_at IS NULL
"""

Key = tuple[int, int | None]


@dataclass(frozen=True)
class Outcome:
    case: Case
    row: RuleState | None
    course: Course

    @property
    def key(self) -> Key:
        return self.case.key

    @cached_property
    def over(self) -> Firing | None:
        """What was firing before and ended meanwhile."""
        first = next(iter(self.course.firings), None)
        went_on = first and first.fired_at == self.course.before.fired_at
        return first if first and went_on and first.ended_at else None

    @cached_property
    def new(self) -> list[Firing]:
        return [one for one in self.course.firings if one.fired_at != self.course.before.fired_at]


def keep_states(outcomes: Iterable[Outcome], left: Iterable[RuleState]) -> None:
    """Only what is not well has a row."""
    kept, well = [], [row.pk for row in left]
    for one in outcomes:
        state = one.course.stance.state
        if state is State.OK and one.row:
            well.append(one.row.pk)
        # The value of what is over its bar is shown, and that of others is in no row.
        if state in (State.PENDING, State.FIRING) or (
            state is State.NO_DATA and one.course.changes
        ):
            kept.append(_row(one))
    if well:
        RuleState.objects.filter(pk__in=well).delete()
    RuleState.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["rule", "metric"], update_fields=COLUMNS
    )


def _row(one: Outcome) -> RuleState:
    stance, value = one.course.stance, one.course.last
    return RuleState(
        rule_id=one.key[0], metric_id=one.key[1], state=stance.state, since=moment_of(stance.since),
        value=value if isfinite(value) else None,
        fired_at=_known_moment(stance.fired_at),
        clear_since=_known_moment(stance.clear_since),
    )  # fmt: skip


def note_firings(outcomes: Iterable[Outcome], left: Iterable[RuleState], at: datetime) -> None:
    over = [(row.rule_id, row.metric_id, at) for row in left if row.fired_at]
    new = []
    for one in outcomes:
        if one.over and one.over.ended_at:
            over.append((*one.key, moment_of(one.over.ended_at)))
        new += [_firing(one.key, firing) for firing in one.new]
    if over:
        with connection.cursor() as cursor:
            cursor.execute(END, list(map(list, zip(*over, strict=True))))
    RuleFiring.objects.bulk_create(new, ignore_conflicts=True)


def _firing(key: Key, one: Firing) -> RuleFiring:
    return RuleFiring(
        rule_id=key[0], metric_id=key[1], fired_at=moment_of(one.fired_at),
        ended_at=_known_moment(one.ended_at),
        value=one.value if isfinite(one.value) else None,
    )  # fmt: skip


def signals_of(outcomes: Iterable[Outcome], left: Iterable[RuleState]) -> list[Signal]:
    """What came and went between two looks is noted, but nobody is told of it any more."""
    signals = [ended(row.rule_id, row.metric_id) for row in left if row.fired_at]
    signals += [ended(*one.key) for one in outcomes if one.over]
    lasting = [one for one in outcomes if one.new and one.new[-1].ended_at is None]
    strange = _strange(lasting)
    return signals + [began(one.case, one.new[-1], strange.get(one.key[1] or 0)) for one in lasting]


def _strange(outcomes: Iterable[Outcome]) -> dict[int, Anomaly]:
    """By metric, what the rules about anomalies speak of."""
    metrics = [
        one.case.metric.pk
        for one in outcomes
        if one.case.metric and one.case.rule.kind == RuleKind.ANOMALY
    ]
    if not metrics:
        return {}
    rows = Anomaly.objects.exclude(reason=Reason.NO_DATA).exclude(feedback=Feedback.NOISE)
    return rows.select_related("metric").newest(metrics)


def moment_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _known_moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
