"""The tick of rules: judges what is due and tells what changed, all of it in one transaction.

Rules are locked, and a locked one is left to whoever holds it. How many statements it takes depends
neither on the number of rules nor on that of their metrics.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from monitoring.domain.rules import (
    ANEW,
    Composite,
    Heard,
    Stance,
    all_judged,
    grid,
    judged,
)
from monitoring.domain.rules.tracks import Floats
from monitoring.models import Rule, RuleKind, RuleState
from monitoring.services.hearing import Past
from monitoring.services.ours import tell
from monitoring.services.ruled import Outcome, keep_states, moment_of, note_firings, signals_of
from monitoring.services.targeting import Case, cases, heard_of_all, want
from monitoring.services.together import Together, in_order

# What a tick that was away makes up for, and how far back a new rule looks to know where it stands.
CAUGHT_UP: Final = timedelta(hours=1)
AWAY: Final = timedelta(minutes=2)
# A clock that was set back further than this: what was judged by it is judged again.
AHEAD: Final = timedelta(minutes=1)
ROOM: Final = 500_000  # values of a rule at once

Rows = Mapping[int | None, RuleState]  # of one rule, by metric
Targets = Mapping[int, Sequence[Case]]  # by rule


def apply_rules(*, at: datetime) -> int:
    """How many rules were judged."""
    with transaction.atomic():
        rules = _due(at)
        if not rules:
            return 0
        _wake(rules, at)
        targets = cases(rules, at=at)
        rows = defaultdict[int, dict[int | None, RuleState]](dict)
        for row in RuleState.objects.filter(rule__in=rules).order_by("pk"):
            rows[row.rule_id][row.metric_id] = row
        outcomes = _judged(rules, targets, rows, at)
        left = _left(targets, rows)
        changed = [one for one in outcomes if one.course.changes]
        keep_states(outcomes, left)
        note_firings(changed, left, at)
        if signals := signals_of(changed, left):
            tell(signals, at=at)
        for rule in rules:
            rule.judged_at = moment_of(_moments(rule, at)[-1])
            rule.targets = len(targets[rule.pk])
        Rule.objects.bulk_update(rules, ["judged_at", "targets", "awake_since"])
    return len(rules)


def _due(at: datetime) -> list[Rule]:
    rows = Rule.objects.filter(enabled=True).select_related("service").order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    return [rule for rule in locked if rule.sound and len(_moments(rule, at))]


def _wake(rules: Iterable[Rule], at: datetime) -> None:
    """While nobody judged, perhaps nobody measured either: silence is counted anew."""
    for rule in rules:
        if rule.kind == RuleKind.ABSENCE and rule.judged_at and at - rule.judged_at > AWAY:
            rule.awake_since = moment_of(_moments(rule, at)[-1])


def _moments(rule: Rule, at: datetime) -> Floats:
    after = rule.judged_at
    if after is None or not at - CAUGHT_UP <= after <= at + AHEAD:
        after = at - CAUGHT_UP
    return grid(after.timestamp(), at.timestamp(), rule.judge.step)


def _judged(
    rules: Iterable[Rule], targets: Targets, rows: Mapping[int, Rows], at: datetime
) -> list[Outcome]:
    """Of those that are not well, or were not. Rules about rules last, each after those it asks for."""
    past, together, outcomes = Past(), Together(), list[Outcome]()
    moments = {rule.pk: _moments(rule, at) for rule in rules}
    plain = [rule for rule in rules if targets[rule.pk] and not isinstance(rule.judge, Composite)]
    for rule in plain:
        want(rule, targets[rule.pk], past, moments[rule.pk][0], moments[rule.pk][-1])
    past.hear()
    for rule in plain:
        judge = _many_judged if rule.judge.at_once else _each_judged
        found = list(judge(targets[rule.pk], past, moments[rule.pk], rows[rule.pk]))
        together.add(rule.pk, [one.course for one in found])
        outcomes += found
    for case in in_order(case for rule in rules for case in targets[rule.pk] if not case.metric):
        theirs, row = moments[case.rule.pk], rows[case.rule.pk].get(None)
        heard = together.heard(case.rule, theirs[0])
        outcomes.append(_outcome(case, heard, theirs, row))
        together.add(case.rule.pk, [outcomes[-1].course])
    return outcomes


def _each_judged(
    theirs: Sequence[Case], past: Past, moments: Floats, rows: Rows
) -> Iterator[Outcome]:
    for case in theirs:
        row = rows.get(case.key[1])
        yield _outcome(case, case.heard(past, fires=bool(row and row.fired_at)), moments, row)


def _many_judged(
    theirs: Sequence[Case], past: Past, moments: Floats, rows: Rows
) -> Iterator[Outcome]:
    """The metrics of one rule together, no more at once than memory has room for."""
    rule, size = theirs[0].rule, max(1, ROOM // len(moments))
    for start in range(0, len(theirs), size):
        some = theirs[start : start + size]
        known = {place: row for place, case in enumerate(some) if (row := rows.get(case.key[1]))}
        heard = heard_of_all(some, past, {place for place, row in known.items() if row.fired_at})
        stances = {place: _known(row, moments[0]) for place, row in known.items()}
        for place, course in all_judged(rule.judge, rule.lasting, heard, moments, stances):
            yield Outcome(some[place], known.get(place), course)


def _left(targets: Targets, rows: Mapping[int, Rows]) -> list[RuleState]:
    """What stands of metrics that a rule judges no more."""
    left = list[RuleState]()
    for rule, theirs in rows.items():
        judged = {case.key[1] for case in targets[rule]}
        left += [row for metric, row in theirs.items() if metric not in judged]
    return left


def _outcome(case: Case, heard: Heard, moments: Floats, row: RuleState | None) -> Outcome:
    stance = _known(row, moments[0]) if row else ANEW
    return Outcome(case, row, judged(case.rule.judge, case.rule.lasting, heard, moments, stance))


def _known(row: RuleState, first: float) -> Stance:
    """A clock that was set back must not keep it waiting for a moment that was there already."""
    return replace(row.stance, since=min(row.stance.since, first))
