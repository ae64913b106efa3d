"""Which runbooks fit an incident: by its scenario, by its alerts, or by its services, in this order."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase

from runbooks.domain.documents import When


class Fit(IntEnum):
    """What fits best comes first."""

    SCENARIO = 1
    ALERT = 2
    SERVICE = 3


@dataclass(frozen=True)
class Facts:
    """Of an incident. `alerts` are all names of its alerts: key, alert name, and the built-in rule they come from."""

    scenarios: frozenset[str] = frozenset()
    alerts: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()


def fit(when: When, facts: Facts) -> Fit | None:
    """Any of what the runbook names is enough; one that names nothing fits nowhere by itself."""
    if facts.scenarios & set(when.scenarios):
        return Fit.SCENARIO
    if _any(when.alerts, facts.alerts):
        return Fit.ALERT
    return Fit.SERVICE if facts.services & set(when.services) else None


def _any(patterns: Iterable[str], names: Iterable[str]) -> bool:
    lower = [name.lower() for name in names]
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns for name in lower)
