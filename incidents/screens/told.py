"""Who is told that an incident of a severity has opened: read from the very rules that decide it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.domain.stakeholders import Happened, Happening, Urgency, called_for
from incidents.models import SeverityPolicy, StakeholderRule

ORDER = tuple(Urgency)


@dataclass(frozen=True)
class Told:
    always: str
    perhaps: str  # if customers feel it, or one of the services of a rule is affected


def told(policies: Iterable[SeverityPolicy]) -> dict[str, Told]:
    """By severity, in two statements; who hears soonest stands first."""
    enabled = StakeholderRule.objects.filter(enabled=True).select_related("group")
    rules = enabled.prefetch_related("services").in_bulk()
    return {policy.severity: _told(policy, rules) for policy in policies}


def _told(policy: SeverityPolicy, rules: Mapping[int, StakeholderRule]) -> Told:
    always = _asked(rules, Happening(Happened.OPENED, policy.severity))
    services = {service.slug for rule in rules.values() for service in rule.services.all()}
    worst = Happening(Happened.OPENED, policy.severity, frozenset(services), customer_impact=True)
    perhaps = [rule for rule in _asked(rules, worst) if rule not in always]
    leaders = [(_("at once"), _("team leaders"))] if policy.tells_leaders else []
    return Told(_words([*leaders, *map(_heard, always)]), _words(map(_heard, perhaps)))


def _asked(rules: Mapping[int, StakeholderRule], happening: Happening) -> list[StakeholderRule]:
    found = [rules[rule.key] for rule in called_for([r.plain for r in rules.values()], happening)]
    return sorted(found, key=lambda rule: (_waits(rule), ORDER.index(Urgency(rule.urgency))))


def _words(heard: Iterable[tuple[str, str]]) -> str:
    """As “at once: Management · once approved: Customers, Partners”."""
    names: dict[str, list[str]] = {}
    for when, name in heard:
        names.setdefault(when, []).append(name)
    return " · ".join(f"{when}: {', '.join(each)}" for when, each in names.items())


def _heard(rule: StakeholderRule) -> tuple[str, str]:
    return _when(rule), rule.group.name


def _when(rule: StakeholderRule) -> str:
    if _waits(rule):
        return _("once approved")
    if rule.urgency == Urgency.IMMEDIATE:
        return _("at once")
    if rule.urgency == Urgency.HIGH:
        return _("within a minute")
    return _("with the hour's report")


def _waits(rule: StakeholderRule) -> bool:
    return not rule.automatic or rule.group.is_external
