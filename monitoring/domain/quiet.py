"""When an alert is kept without calling anybody: silences and maintenance windows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.severity import Severity
from monitoring.domain.matching import Matcher, all_fit


@dataclass(frozen=True)
class Facts:
    """What is known of an alert, at the moment that counts."""

    at: datetime
    labels: Mapping[str, str] = field(default_factory=dict)
    integration: int = 0
    service: int | None = None
    severity: str = ""


class Rule(Protocol):
    @property
    def key(self) -> Any: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    def covers(self, facts: Facts) -> bool: ...


@dataclass(frozen=True)
class SilenceRule:
    key: Any
    starts_at: datetime
    ends_at: datetime
    matchers: Sequence[Matcher]
    integration: int | None = None  # the one sender it is about, when that sender's tool made it

    def covers(self, facts: Facts) -> bool:
        mine = self.integration in {None, facts.integration}
        return mine and all_fit(self.matchers, facts.labels)


@dataclass(frozen=True)
class WindowRule:
    key: Any
    starts_at: datetime
    ends_at: datetime
    services: frozenset[int] = frozenset()  # none: all of them
    p0_breaks_through: bool = True

    def covers(self, facts: Facts) -> bool:
        if self.p0_breaks_through and facts.severity == Severity.P0:
            return False
        return not self.services or facts.service in self.services


def quiet_by(facts: Facts, rules: Iterable[Rule]) -> Rule | None:
    """The rule in force that keeps the alert quiet for longest; None when it may call."""
    covering = (
        rule for rule in rules if rule.starts_at <= facts.at < rule.ends_at and rule.covers(facts)
    )
    return max(covering, key=lambda rule: rule.ends_at, default=None)


def known_labels(labels: Mapping[str, str], **derived: str) -> dict[str, str]:
    """An alert's own labels, and under the usual names what else is known of it."""
    return {name: value for name, value in derived.items() if value} | dict(labels)
