"""Which metrics a rule judges, and what of the past each of them needs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
from django.db.models import Q

from monitoring.domain.matching import all_fit
from monitoring.domain.rules import Composite, Heard, Track
from monitoring.domain.rules.ratio import Partners
from monitoring.models import Check, Metric, Rule, RuleKind
from monitoring.services.hearing import Past

# A metric that was not heard of for so long is gone: nothing is said of it, not even that it is silent.
FORGOTTEN: Final = timedelta(days=7)
COLUMNS: Final = (
    "pk", "name", "labels", "unit", "service__slug", "created_at", "last_at", "retired_at",
)  # fmt: skip


class Measured(NamedTuple):
    """A metric, as far as rules need it; there may be thousands."""

    pk: int
    name: str
    labels: dict[str, str]
    unit: str
    service: str | None
    born: float
    retired: bool  # and not heard of since

    def __str__(self) -> str:
        labels = ", ".join(f'{name}="{value}"' for name, value in sorted(self.labels.items()))
        return f"{self.name}{{{labels}}}" if labels else self.name


class Case(NamedTuple):
    """A rule and one of its metrics; one about other rules has none."""

    rule: Rule
    metric: Measured | None
    against: Sequence[Measured] = ()
    also: Sequence[Measured] = ()

    @property
    def key(self) -> tuple[int, int | None]:
        return self.rule.pk, self.metric.pk if self.metric else None

    def heard(self, past: Past, *, fires: bool = False) -> Heard:
        if self.metric is None:
            return Heard(Track())
        source = self.rule.judge.needs[0].source
        return Heard(
            past.of(source, self.metric.pk),
            [past.of(source, metric.pk) for metric in self.against],
            _born(self, fires=fires),
            [past.of(source, metric.pk) for metric in self.also],
        )


def want(rule: Rule, theirs: Sequence[Case], past: Past, first: float, last: float) -> None:
    """Whatever their moments from the first to the last look at."""
    metrics = [one.pk for case in theirs for one in (case.metric, *case.against, *case.also) if one]
    for need in rule.judge.needs:
        past.want(need.source, metrics, first - need.back, last - need.until)


def heard_of_all(theirs: Sequence[Case], past: Past, firing: Collection[int]) -> Heard:
    """Of one rule's metrics at once."""
    (source,) = {need.source for need in theirs[0].rule.judge.needs}
    metrics = [case.metric.pk for case in theirs if case.metric]
    born = np.array([_born(case, fires=place in firing) for place, case in enumerate(theirs)])
    return Heard(past.of_all(source, metrics), born=born)


def _born(case: Case, *, fires: bool) -> float:
    """While we were away ourselves, nobody was there to hear it; unless that is told already."""
    born, awake = case.metric.born if case.metric else 0.0, case.rule.awake_since
    return born if fires or awake is None else max(born, awake.timestamp())


def cases(rules: Sequence[Rule], *, at: datetime) -> dict[int, list[Case]]:
    """Of each rule, in one query for all."""
    paused = _paused() if any(rule.kind == RuleKind.ABSENCE for rule in rules) else ()
    named = _named({name for rule in rules for name in (rule.metric, rule.against) if name}, at)
    found = {rule.pk: _cases(rule, named) for rule in rules}
    for rule in rules:
        if rule.kind == RuleKind.ABSENCE:
            found[rule.pk] = [case for case in found[rule.pk] if not _is_meant(case, paused)]
    return found


def _paused() -> set[tuple[str, str]]:
    """By label, the checks and hosts that nobody is to read at present: their silence is meant."""
    rows = list(Check.objects.order_by().values_list("name", "host", "enabled"))
    on = {("check", name) for name, _, on in rows if on} | {
        ("host", host) for _, host, on in rows if on
    }
    off = {("check", name) for name, _, on in rows if not on}
    return (off | {("host", host) for _, host, on in rows if host and not on}) - on


def _is_meant(case: Case, paused: Collection[tuple[str, str]]) -> bool:
    """Whether its silence is: nobody is to read it at present, or ever again."""
    if case.metric is None or case.metric.retired:
        return True
    labels = case.metric.labels
    name = "check" if "check" in labels else "host"
    return (name, labels.get(name, "")) in paused


def _cases(rule: Rule, named: Mapping[str, Sequence[Measured]]) -> list[Case]:
    if isinstance(rule.judge, Composite):
        return [Case(rule, None)]
    fitting = named[rule.metric]
    if rule.labelled:
        fitting = [one for one in fitting if all_fit(rule.labelled, one.labels)]
    if not rule.against:
        return [Case(rule, metric) for metric in fitting]
    matchers, by = rule.labelled_against, rule.params.get("by") or ()
    others = [one for one in named[rule.against] if all_fit(matchers, one.labels)]
    partners = Partners([one.labels for one in others], by)
    return [
        Case(rule, one, [others[place] for place in partners.of(one.labels)], also)
        for one, *also in _together(fitting, by)
    ]


def _together(metrics: Sequence[Measured], by: Sequence[str]) -> Iterable[Sequence[Measured]]:
    """Those that agree in these labels are judged as one, which has no other labels."""
    if not by:
        return [[one] for one in metrics]
    found = defaultdict[tuple[str, ...], list[Measured]](list)
    for one in metrics:
        labels = {name: one.labels[name] for name in by if name in one.labels}
        found[tuple(labels.get(name, "") for name in by)].append(one._replace(labels=labels))
    return found.values()


def _named(names: Iterable[str], at: datetime) -> Mapping[str, Sequence[Measured]]:
    recent = Q(last_at__gte=at - FORGOTTEN) | Q(last_at=None)
    rows = Metric.objects.filter(recent, name__in=list(names)).order_by("pk")
    found = defaultdict[str, list[Measured]](list)
    for pk, name, labels, unit, service, born, last, retired in rows.values_list(*COLUMNS):
        is_retired = bool(retired and (last is None or last <= retired))
        found[name].append(Measured(pk, name, labels, unit, service, born.timestamp(), is_retired))
    return found
