"""Where an alert goes: the first route whose labels fit decides service, team, severity and group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from monitoring.domain.matching import Matcher, all_fit

SET, AT_LEAST, AT_MOST = "set", "at_least", "at_most"
HOW: Final = (SET, AT_LEAST, AT_MOST)


@dataclass(frozen=True)
class RouteRule:
    key: Any
    matchers: Sequence[Matcher]
    integration: int | None = None  # the one sender it is about; None: every one
    service: str = ""  # "" leaves what the sender said
    severity: str = ""  # the same; "none" keeps the alert without an incident
    how: str = SET
    group_by: Sequence[str] = ()
    team: int | None = None  # None: whoever is called without a route

    def fits(self, labels: Mapping[str, str], integration: int) -> bool:
        return self.integration in {None, integration} and all_fit(self.matchers, labels)


@dataclass(frozen=True)
class Destination:
    service: str
    severity: str
    group: str
    team: int | None = None


def route_of(
    labels: Mapping[str, str], integration: int, rules: Iterable[RouteRule]
) -> RouteRule | None:
    """The first that fits; their order is an administrator's decision."""
    return next((rule for rule in rules if rule.fits(labels, integration)), None)


def sent_by(rule: RouteRule, said: Destination, labels: Mapping[str, str]) -> Destination:
    """What the sender said, as the route changes it."""
    return replace(
        said,
        service=rule.service or said.service,
        severity=_severity(rule, said.severity),
        team=rule.team,
        group=_group(rule, labels) if rule.group_by else said.group,
    )


def _severity(rule: RouteRule, said: str) -> str:
    # "P0" < … < "P3" < "none", as text: the graver, the smaller.
    if not rule.severity:
        return said
    if rule.how == AT_LEAST:
        return min(said, rule.severity)
    return max(said, rule.severity) if rule.how == AT_MOST else rule.severity


def _group(rule: RouteRule, labels: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={labels.get(name, '')}" for name in rule.group_by)[:255]
