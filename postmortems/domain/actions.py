"""The action items every postmortem starts with (M5.1), and when they are due."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

GRAVE: Final = "P1"  # this or graver also gets the immediate item


@dataclass(frozen=True)
class Proposal:
    kind: str
    text: str  # a message id: the service says it in the postmortem's language
    owner: str
    priority: str
    due: date


def proposals(severity: str, *, today: date) -> list[Proposal]:
    days = timedelta
    items = [
        Proposal(
            "SHORT_TERM", "Improve documentation", "Engineering Team", "MEDIUM", today + days(30)
        ),
        Proposal("LONG_TERM", "Improve architecture", "Architecture Team", "LOW", today + days(90)),
    ]
    if severity <= GRAVE:
        due = today + days(7)
        items.insert(
            0, Proposal("IMMEDIATE", "Improve monitoring alerts", "DevOps Team", "HIGH", due)
        )
    return items
