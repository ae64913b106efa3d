"""What people do with rules. Whoever changes what a rule judges by begins it anew."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from core.nudge import nudge
from monitoring.models import Rule, RuleFiring, RuleState
from monitoring.services.firing import ended
from monitoring.services.ours import tell

TICK: Final = "monitoring.apply_rules"
JUDGED_BY: Final = ("enabled", "kind", "metric", "matchers", "params", "lasts", "clears")
TOLD: Final = ("service_id", "severity")


def keep_rule(rule: Rule, *, at: datetime) -> Rule:
    """A rule that a person wrote or changed."""
    with transaction.atomic():
        old = Rule.objects.select_for_update().filter(pk=rule.pk).first()
        if old and _differ(old, rule, (*JUDGED_BY, *TOLD)):
            _begin_anew([old], at=at)
            rule.judged_at = None
        rule.edited = bool(rule.built_in)
        rule.save()
        nudge(TICK)
    return rule


def enable_rule(rule: Rule, *, on: bool, at: datetime) -> None:
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk)
        if held.enabled != on:
            _begin_anew([held], at=at)
            Rule.objects.filter(pk=rule.pk).update(enabled=on, judged_at=None)
            nudge(TICK)


def remove_rules(rules: Iterable[int], *, at: datetime) -> None:
    with transaction.atomic():
        held = list(Rule.objects.select_for_update().filter(pk__in=rules).order_by("pk"))
        _begin_anew(held, at=at)
        Rule.objects.filter(pk__in=[rule.pk for rule in held]).delete()


def _begin_anew(rules: Iterable[Rule], *, at: datetime) -> None:
    """Their open alerts are over, as nobody would end them otherwise."""
    states = RuleState.objects.filter(rule__in=rules)
    if firing := list(states.filter(fired_at__isnull=False).order_by("pk")):
        tell([ended(row.rule_id, row.metric_id) for row in firing], at=at)
    RuleFiring.objects.filter(rule__in=rules, ended_at=None).update(ended_at=at)
    states.delete()


def _differ(old: Rule, new: Rule, fields: Iterable[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in fields)
