"""What rules about other rules look at: how many targets of each of these fire, and when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np
from django.db.models import Count

from monitoring.domain.rules import Composite, Course, Heard, Track
from monitoring.domain.rules.composite import cycle, together
from monitoring.models import Rule, RuleKind, RuleState
from monitoring.services.targeting import Case


def members(rule: Rule) -> tuple[int, ...]:
    judge = rule.judge
    return (*judge.rules, *judge.unless) if isinstance(judge, Composite) else ()


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Each after those it asks for; what no form let through, a cycle, in any order."""
    waiting, done = {case.rule.pk: case for case in cases}, list[Case]()
    while waiting:
        ready = [pk for pk, case in waiting.items() if not set(members(case.rule)) & set(waiting)]
        done += [waiting.pop(pk) for pk in ready or list(waiting)]
    return done


def asks_for_itself(rule: Rule, asked: Iterable[int]) -> bool:
    """Whether it would, if it asked for these."""
    rows = Rule.objects.filter(kind=RuleKind.COMPOSITE).exclude(pk=rule.pk)
    known: dict[int, Collection[int]] = {
        pk: [*params.get("rules", []), *params.get("unless", [])]
        for pk, params in rows.values_list("pk", "params")
    }
    return bool(rule.pk) and cycle(rule.pk, {**known, rule.pk: list(asked)})


class Together:
    """By what was judged just now, and by what stands of rules that were not."""

    def __init__(self) -> None:
        self._courses = defaultdict[int, list[Course]](list)

    def add(self, rule: int, courses: Iterable[Course]) -> None:
        """Of one that was well all the time there need be none."""
        self._courses[rule] += courses

    def heard(self, rule: Rule, since: float) -> Heard:
        return Heard(Track(), [self._track(pk, since) for pk in members(rule)])

    def _track(self, rule: int, since: float) -> Track:
        if rule in self._courses:
            return together(self._courses[rule], since)
        return Track(np.array([since]), np.array([float(self._standing.get(rule, 0))]))

    @cached_property
    def _standing(self) -> dict[int, int]:
        firing = RuleState.objects.order_by().filter(fired_at__isnull=False)
        return dict(firing.values_list("rule").annotate(n=Count("pk")))
