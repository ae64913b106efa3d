"""How far an incident or a maintenance is, and what may follow what."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class Phase(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    # Two ends that clients of Statuspage's API do not know: they read `KNOWN`.
    CANCELLED = "cancelled"
    MERGED = "merged"  # told together with another from here on


PHASES: Final = {
    Kind.INCIDENT: (
        Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED, Phase.POSTMORTEM,
        Phase.MERGED,
    ),
    Kind.MAINTENANCE: (
        Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED,
        Phase.CANCELLED,
    ),
}  # fmt: skip
OVER: Final = frozenset(
    {Phase.RESOLVED, Phase.POSTMORTEM, Phase.COMPLETED, Phase.CANCELLED, Phase.MERGED}
)
KNOWN: Final = {Phase.CANCELLED: Phase.COMPLETED, Phase.MERGED: Phase.RESOLVED}
HOLDS: Final = frozenset(  # components are what the notice says they are
    {
        Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.IN_PROGRESS, Phase.VERIFYING,
    }
)  # fmt: skip


def may_follow(old: Phase | None, new: Phase, kind: Kind) -> bool:
    """Back and forth while it goes on, for people find out; a review only of what is over."""
    if new not in PHASES[kind]:
        return False
    if new is Phase.POSTMORTEM:
        return old in {Phase.RESOLVED, Phase.POSTMORTEM}
    if new is Phase.SCHEDULED:
        return old in {None, Phase.SCHEDULED}
    if new is Phase.MERGED:
        return old is not None and old not in OVER
    if new is Phase.CANCELLED:  # what has begun is completed, however early
        return old is Phase.SCHEDULED
    return old not in {Phase.COMPLETED, Phase.CANCELLED}


def sayable(old: Phase | None, kind: Kind) -> list[Phase]:
    """What a person may say next; merging follows the incidents."""
    return [one for one in PHASES[kind] if one is not Phase.MERGED and may_follow(old, one, kind)]
