"""The tick of rules: judges what is due and tells what changed, all of it in one transaction.

Rules are locked, and a locked one is left to whoever holds it. How many statements it takes depends
neither on the number of rules nor on that of their metrics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import isfinite
from typing import Final

from django.db import connection, transaction

from monitoring.domain.alerts import Signal
from monitoring.domain.matching import BadMatcher
from monitoring.domain.rules import (
    ANEW,
    BadRule,
    Course,
    Firing,
    Heard,
    Stance,
    State,
    grid,
    judged,
)
from monitoring.domain.rules.tracks import Floats
from monitoring.models import Rule, RuleFiring, RuleKind, RuleState
from monitoring.services.firing import began, ended
from monitoring.services.hearing import Past
from monitoring.services.ours import tell
from monitoring.services.targeting import Case, cases
from monitoring.services.together import Together, in_order

# What a tick that was away makes up for, and how far back a new rule looks to know where it stands.
CAUGHT_UP: Final = timedelta(hours=1)
AWAY: Final = timedelta(minutes=2)
# A clock that was set back further than this: what was judged by it is judged again.
AHEAD: Final = timedelta(minutes=1)
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


def apply_rules(*, at: datetime) -> int:
    """How many rules were judged."""
    with transaction.atomic():
        rules = _due(at)
        if not rules:
            return 0
        _wake(rules, at)
        targets = cases(rules, at=at)
        rows = {
            (row.rule_id, row.metric_id): row
            for row in RuleState.objects.filter(rule__in=rules).order_by("pk")
        }
        outcomes = _judged([case for theirs in targets.values() for case in theirs], rows, at)
        left = [row for key, row in rows.items() if key not in outcomes]
        changed = [one for one in outcomes.values() if one.course.changes]
        _keep(outcomes.values(), left)
        _note(changed, left, at)
        if signals := _signals(changed, left):
            tell(signals, at=at)
        for rule in rules:
            rule.judged_at = _moment(_moments(rule, at)[-1])
            rule.targets = len(targets[rule.pk])
        Rule.objects.bulk_update(rules, ["judged_at", "targets", "awake_since"])
    return len(rules)


def _due(at: datetime) -> list[Rule]:
    rows = Rule.objects.filter(enabled=True).select_related("service").order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    return [rule for rule in locked if _is_sound(rule) and len(_moments(rule, at))]


def _wake(rules: Iterable[Rule], at: datetime) -> None:
    """While nobody judged, perhaps nobody measured either: silence is counted anew."""
    for rule in rules:
        if rule.kind == RuleKind.ABSENCE and rule.judged_at and at - rule.judged_at > AWAY:
            rule.awake_since = _moment(_moments(rule, at)[-1])


def _is_sound(rule: Rule) -> bool:
    """One that no form let through must not stop the others."""
    try:
        return bool(rule.judge) and None not in (rule.labelled, rule.labelled_against)
    except (BadRule, BadMatcher, KeyError):
        return False


def _moments(rule: Rule, at: datetime) -> Floats:
    after = rule.judged_at
    if after is None or not at - CAUGHT_UP <= after <= at + AHEAD:
        after = at - CAUGHT_UP
    return grid(after.timestamp(), at.timestamp(), rule.judge.step)


def _judged(
    all_cases: Sequence[Case], rows: Mapping[Key, RuleState], at: datetime
) -> dict[Key, Outcome]:
    """Rules about other rules last, each after those it asks for."""
    past = Past()
    moments = {rule.pk: _moments(rule, at) for rule in {case.rule for case in all_cases}}
    for case in all_cases:
        theirs = moments[case.rule.pk]
        case.want(past, theirs[0], theirs[-1])
    past.hear()
    outcomes, together = dict[Key, Outcome](), Together()
    plain = [case for case in all_cases if case.metric]
    for case in [*plain, *in_order([case for case in all_cases if not case.metric])]:
        theirs, row = moments[case.rule.pk], rows.get(case.key)
        if case.metric:
            heard = case.heard(past, fires=bool(row and row.fired_at))
        else:
            heard = together.heard(case.rule, theirs[0])
        outcome = outcomes[case.key] = _outcome(case, heard, theirs, row)
        together.add(case.rule.pk, outcome.course)
    return outcomes


def _outcome(case: Case, heard: Heard, moments: Floats, row: RuleState | None) -> Outcome:
    stance = _known(row, moments[0]) if row else ANEW
    return Outcome(case, row, judged(case.rule.judge, case.rule.lasting, heard, moments, stance))


def _known(row: RuleState, first: float) -> Stance:
    """A clock that was set back must not keep it waiting for a moment that was there already."""
    return replace(row.stance, since=min(row.stance.since, first))


def _keep(outcomes: Iterable[Outcome], left: Iterable[RuleState]) -> None:
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
        rule_id=one.key[0], metric_id=one.key[1], state=stance.state, since=_moment(stance.since),
        value=value if isfinite(value) else None,
        fired_at=_known_moment(stance.fired_at),
        clear_since=_known_moment(stance.clear_since),
    )  # fmt: skip


def _note(outcomes: Iterable[Outcome], left: Iterable[RuleState], at: datetime) -> None:
    over = [(row.rule_id, row.metric_id, at) for row in left if row.fired_at]
    new = []
    for one in outcomes:
        if one.over and one.over.ended_at:
            over.append((*one.key, _moment(one.over.ended_at)))
        new += [_firing(one.key, firing) for firing in one.new]
    if over:
        with connection.cursor() as cursor:
            cursor.execute(END, list(map(list, zip(*over, strict=True))))
    RuleFiring.objects.bulk_create(new, ignore_conflicts=True)


def _firing(key: Key, one: Firing) -> RuleFiring:
    return RuleFiring(
        rule_id=key[0], metric_id=key[1], fired_at=_moment(one.fired_at),
        ended_at=_known_moment(one.ended_at),
        value=one.value if isfinite(one.value) else None,
    )  # fmt: skip


def _signals(outcomes: Iterable[Outcome], left: Iterable[RuleState]) -> list[Signal]:
    """What came and went between two looks is noted, but nobody is told of it any more."""
    signals = [ended(row.rule_id, row.metric_id) for row in left if row.fired_at]
    for one in outcomes:
        if one.over:
            signals.append(ended(*one.key))
        if one.new and one.new[-1].ended_at is None:
            firing = one.new[-1]
            signals.append(began(one.case.rule, one.case.metric, firing.value, firing.fired_at))
    return signals


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _known_moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
