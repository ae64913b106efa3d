"""Which metrics a rule judges, and what of the past each of them needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Q

from monitoring.domain.matching import all_fit
from monitoring.domain.rules import Heard
from monitoring.models import Metric, Rule
from monitoring.services.hearing import Past

# A metric that was not heard of for so long is gone: nothing is said of it, not even that it is silent.
FORGOTTEN: Final = timedelta(days=7)


class Measured(NamedTuple):
    """A metric, as far as rules need it; there may be thousands."""

    pk: int
    name: str
    labels: dict[str, str]
    unit: str
    service: str | None
    created_at: datetime

    def __str__(self) -> str:
        labels = ", ".join(f'{name}="{value}"' for name, value in sorted(self.labels.items()))
        return f"{self.name}{{{labels}}}" if labels else self.name


@dataclass(frozen=True)
class Case:
    """A rule and one of its metrics."""

    rule: Rule
    metric: Measured

    def want(self, past: Past, first: float, last: float) -> None:
        """Whatever its moments from the first to the last look at."""
        for need in self.rule.judge.needs:
            past.want(need.source, self.metric.pk, first - need.back, last - need.until)

    def heard(self, past: Past) -> Heard:
        source = self.rule.judge.needs[0].source
        return Heard(past.of(source, self.metric.pk), born=self.metric.created_at.timestamp())


def cases(rules: Sequence[Rule], *, at: datetime) -> dict[int, list[Case]]:
    """Of each rule, in one query for all."""
    named = _named({rule.metric for rule in rules}, at)
    return {
        rule.pk: [Case(rule, metric) for metric in _fitting(rule, named[rule.metric])]
        for rule in rules
    }


def _fitting(rule: Rule, metrics: Iterable[Measured]) -> Iterable[Measured]:
    matchers = rule.labelled
    return [metric for metric in metrics if all_fit(matchers, metric.labels)]


def _named(names: Iterable[str], at: datetime) -> dict[str, list[Measured]]:
    recent = Q(last_at__gte=at - FORGOTTEN) | Q(last_at=None)
    rows = Metric.objects.filter(recent, name__in=list(names)).order_by("pk")
    found = defaultdict[str, list[Measured]](list)
    for row in rows.values_list("pk", "name", "labels", "unit", "service__slug", "created_at"):
        found[row[1]].append(Measured(*row))
    return found
