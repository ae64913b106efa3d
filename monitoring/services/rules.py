"""What people do with rules. Whoever changes what a rule judges by begins it anew."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.models import Planted
from core.nudge import nudge
from monitoring.built_in_rules import BUILT_IN, BuiltIn
from monitoring.models import Rule, RuleFiring, RuleState
from monitoring.services.firing import ended
from monitoring.services.ours import tell
from teams.models import Service

TICK: Final = "monitoring.apply_rules"
FIRINGS_KEPT: Final = timedelta(days=90)
JUDGED_BY: Final = ("enabled", "kind", "metric", "matchers", "params", "lasts", "clears")
TOLD: Final = ("service_id", "severity")
WORDS: Final = (
    "name_ko", "name_en", "title_ko", "title_en", "message_ko", "message_en", "runbook_url",
)  # fmt: skip


def keep_rule(rule: Rule, *, at: datetime) -> Rule:
    """A rule that a person wrote or changed."""
    rule.edited = bool(rule.built_in)
    return _store(rule, at=at)


def _store(rule: Rule, *, at: datetime) -> Rule:
    with transaction.atomic():
        old = Rule.objects.select_for_update().filter(pk=rule.pk).first()
        if old and _differ(old, rule, (*JUDGED_BY, *TOLD)):
            _begin_anew([old], at=at)
            rule.judged_at = None
        rule.save()
        nudge(TICK)
    return rule


def enable_rule(rule: Rule, *, on: bool, at: datetime) -> None:
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk)
        if held.enabled != on:
            _begin_anew([held], at=at)
            edited = bool(held.built_in)
            Rule.objects.filter(pk=rule.pk).update(enabled=on, judged_at=None, edited=edited)
            nudge(TICK)


def plant_rules(*, at: datetime) -> None:
    """The built-in ones: new ones are added once, and those that nobody changed follow ours."""
    known = {rule.built_in: rule for rule in Rule.objects.exclude(built_in="")}
    services = {service.slug: service for service in Service.objects.all()}
    for one in BUILT_IN:
        rule = known.get(one.key)
        if rule is None:
            if Planted.objects.first_time(f"rule:{one.key}"):
                _as_built_in(Rule(built_in=one.key), one, services).save()
        elif not rule.edited:
            fresh = _as_built_in(copy(rule), one, services)
            if _differ(rule, fresh, (*JUDGED_BY, *TOLD, *WORDS)):
                _store(fresh, at=at)


def reset_rule(rule: Rule, *, at: datetime) -> Rule:
    """As it came with the product."""
    one = next((one for one in BUILT_IN if one.key == rule.built_in), None)
    if one is None:
        raise Refused(_("This rule is no longer one of the built-in ones."))
    services = {service.slug: service for service in Service.objects.filter(slug=one.service)}
    fresh = _as_built_in(copy(rule), one, services)
    fresh.edited = False
    return _store(fresh, at=at)


def _as_built_in(rule: Rule, one: BuiltIn, services: Mapping[str, Service]) -> Rule:
    for name in (*JUDGED_BY, *WORDS, "severity"):
        setattr(rule, name, getattr(one, name, ""))
    rule.service = services.get(one.service)
    return rule


def remove_rules(rules: Iterable[int], *, at: datetime) -> None:
    with transaction.atomic():
        held = list(Rule.objects.select_for_update().filter(pk__in=rules).order_by("pk"))
        _begin_anew(held, at=at)
        Rule.objects.filter(pk__in=[rule.pk for rule in held]).delete()


def prune_firings(*, at: datetime) -> None:
    RuleFiring.objects.filter(ended_at__lt=at - FIRINGS_KEPT).delete()


def _begin_anew(rules: Iterable[Rule], *, at: datetime) -> None:
    """Their open alerts are over, as nobody would end them otherwise."""
    states = RuleState.objects.filter(rule__in=rules)
    if firing := list(states.filter(fired_at__isnull=False).order_by("pk")):
        tell([ended(row.rule_id, row.metric_id) for row in firing], at=at)
    RuleFiring.objects.filter(rule__in=rules, ended_at=None).update(ended_at=at)
    states.delete()


def _differ(old: Rule, new: Rule, fields: Iterable[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in fields)
