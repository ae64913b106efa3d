"""Rules as they are seen: where each stands, how often it fired, and its past drawn."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.domain.matching import BadMatcher
from monitoring.domain.rules import BadRule, State
from monitoring.domain.rules.wording import figure
from monitoring.models import Rule, RuleFiring, RuleState
from monitoring.previewing import Preview, preview
from monitoring.rule_words import STATES, TONES, condition
from monitoring.services.firing import worded

WEEK: Final = timedelta(days=7)
STATES_SHOWN, FIRINGS_SHOWN = 50, 50
ORDER: Final = ["p0", "p2", "good", ""]  # the tones of what fires, waits, is well, or says nothing
GRAVEST: Final = [State.FIRING, State.PENDING, State.NO_DATA]
OFF, NEW, NOTHING = _("off"), _("not judged yet"), _("no metric fits")


@dataclass(frozen=True)
class Row:
    rule: Rule
    condition: str
    word: str | Promise
    tone: str
    count: int  # of its targets that are in this state
    firings: int  # in the last seven days


@dataclass(frozen=True)
class Target:
    row: RuleState
    word: Promise
    tone: str
    value: str


def overview(*, at: datetime) -> dict[str, Any]:
    """The gravest first, and those that fire before all."""
    rules = list(Rule.objects.select_related("service"))
    counts, fired = _counts(), _fired(at)
    rows = [_row(rule, counts[rule.pk], fired.get(rule.pk, 0)) for rule in rules]
    rows.sort(key=lambda row: (ORDER.index(row.tone), row.rule.severity))
    firing = sum(row.count for row in rows if row.tone == TONES[State.FIRING])
    return {"rows": rows, "firing": firing, "fired": sum(row.firings for row in rows)}


def detail(rule: Rule, *, at: datetime, metric: int | None = None) -> dict[str, Any]:
    states = list(rule.states.select_related("metric").order_by("-fired_at", "state", "pk"))
    first = [metric] if metric else [row.metric_id for row in states if row.metric_id]
    counts = defaultdict[State, int](int)
    for state in states:
        counts[State(state.state)] += 1
    targets = [
        Target(row, STATES[State(row.state)], TONES[State(row.state)], _value(row.value))
        for row in states[:STATES_SHOWN]
    ]
    firings = rule.firings.select_related("metric")
    return {
        "rule": rule,
        "row": _row(rule, counts, _fired(at, rule).get(rule.pk, 0)),
        "targets": targets,
        "more_targets": max(0, len(states) - STATES_SHOWN),
        "firings": [(one, _value(one.value)) for one in firings[:FIRINGS_SHOWN]],
        "preview": looked_back(rule, at=at, first=first),
    }


def looked_back(rule: Rule, *, at: datetime, first: list[int] | None = None) -> Preview | None:
    """None where the rule says nothing that could be judged."""
    try:
        return preview(rule, at=at, first=first or [])
    except (BadRule, BadMatcher, KeyError):
        return None


@dataclass(frozen=True)
class Tried:
    preview: Preview
    condition: str
    title: str  # as it would be read
    message: str


def tried(rule: Rule | None, *, at: datetime) -> Tried | None:
    """A rule that is being written, over the last seven days."""
    found = looked_back(rule, at=at) if rule else None
    if rule is None or found is None:
        return None
    one = next(iter(found.shown), None)
    value = one.firings[-1].value if one and one.firings else rule.judge.bar.limit
    return Tried(found, _said(rule), *worded(rule, one.case.metric if one else None, value))


def _row(rule: Rule, counts: dict[State, int], firings: int) -> Row:
    state = next((state for state in GRAVEST if counts.get(state)), State.OK)
    word, tone = STATES[state], TONES[state]
    if not rule.enabled:
        word, tone = OFF, ""
    elif rule.judged_at is None:
        word, tone = NEW, ""
    elif not rule.targets and state is State.OK:
        word, tone = NOTHING, ""
    return Row(rule, _said(rule), word, tone, counts.get(state, 0), firings)


def _said(rule: Rule) -> str:
    try:
        return condition(rule)
    except (KeyError, TypeError, ValueError):  # one that no form let through
        return "–"


def _counts() -> dict[int, dict[State, int]]:
    found = defaultdict[int, dict[State, int]](dict)
    rows = RuleState.objects.order_by().values_list("rule", "state").annotate(n=Count("pk"))
    for rule, state, count in rows:
        found[rule][State(state)] = count
    return found


def _fired(at: datetime, rule: Rule | None = None) -> dict[int, int]:
    found = RuleFiring.objects.filter(fired_at__gte=at - WEEK)
    rows = (found.filter(rule=rule) if rule else found).order_by().values_list("rule")
    return dict(rows.annotate(n=Count("pk")))


def _value(value: float | None) -> str:
    return "–" if value is None else figure(value)
