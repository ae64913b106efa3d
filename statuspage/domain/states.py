"""What is said of a component, of an incident and of the page, in the words of Statuspage's public API v2."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Of a component. `UNKNOWN` is only ever said of a time that is over."""

    OPERATIONAL = "operational"
    UNKNOWN = "unknown"
    MAINTENANCE = "under_maintenance"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"


class Impact(StrEnum):
    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Overall(StrEnum):
    """The page in a sentence; the values are the sentences that clients of the API look for."""

    OPERATIONAL = "All Systems Operational"
    MAINTENANCE = "Service Under Maintenance"
    PARTLY_DEGRADED = "Partially Degraded Service"
    DEGRADED = "Degraded System Service"
    MINOR = "Minor Service Outage"
    PARTIAL = "Partial System Outage"
    MAJOR = "Major System Outage"


RANK: Final = {state: place for place, state in enumerate(State)}
GRAVITY: Final = {impact: place for place, impact in enumerate(Impact)}
IMPACT_OF: Final = {
    State.OPERATIONAL: Impact.NONE,
    State.UNKNOWN: Impact.NONE,
    State.MAINTENANCE: Impact.MAINTENANCE,
    State.DEGRADED: Impact.MINOR,
    State.PARTIAL: Impact.MAJOR,
    State.MAJOR: Impact.CRITICAL,
}
INDICATOR: Final = {
    Overall.OPERATIONAL: Impact.NONE,
    Overall.MAINTENANCE: Impact.MAINTENANCE,
    Overall.PARTLY_DEGRADED: Impact.MINOR,
    Overall.DEGRADED: Impact.MINOR,
    Overall.MINOR: Impact.MINOR,
    Overall.PARTIAL: Impact.MAJOR,
    Overall.MAJOR: Impact.CRITICAL,
}
_AT_LEAST: Final = {  # of a page whose components are all well while an incident is open
    Impact.NONE: Overall.OPERATIONAL,
    Impact.MAINTENANCE: Overall.MAINTENANCE,
    Impact.MINOR: Overall.PARTLY_DEGRADED,
    Impact.MAJOR: Overall.PARTIAL,
    Impact.CRITICAL: Overall.MAJOR,
}


def worst(states: Iterable[State]) -> State:
    return max(states, key=RANK.__getitem__, default=State.OPERATIONAL)


def gravest(impacts: Iterable[Impact]) -> Impact:
    return max(impacts, key=GRAVITY.__getitem__, default=Impact.NONE)


def impact_of(states: Iterable[State], *, so_far: Impact = Impact.NONE) -> Impact:
    """Of the worst component; what an incident once was it stays, for whoever reads of it later."""
    return gravest([so_far, IMPACT_OF[worst(states)]])


def overall(leaves: Collection[State], impacts: Iterable[Impact] = ()) -> Overall:
    """By the rules of Statuspage's clients; an open incident is never drowned by green components."""
    found = _of(leaves)
    floor = _AT_LEAST[gravest(impacts)]
    return max(found, floor, key=lambda one: GRAVITY[INDICATOR[one]])


def _of(leaves: Collection[State]) -> Overall:
    if not leaves:
        return Overall.OPERATIONAL
    kinds = set(leaves)
    if State.MAJOR in kinds:
        return Overall.MAJOR if kinds == {State.MAJOR} else Overall.PARTIAL
    if State.PARTIAL in kinds:
        return Overall.PARTIAL if kinds == {State.PARTIAL} else Overall.MINOR
    if State.DEGRADED in kinds:
        return Overall.DEGRADED if kinds == {State.DEGRADED} else Overall.PARTLY_DEGRADED
    return Overall.MAINTENANCE if State.MAINTENANCE in kinds else Overall.OPERATIONAL
