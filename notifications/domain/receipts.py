"""How far a message has come, and what may be believed about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple


class Report(StrEnum):
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


# What providers say of texts and of calls; what only says that they are at it is no news.
REPORTS: Final = {
    "delivered": Report.DELIVERED,
    "read": Report.DELIVERED,
    "in-progress": Report.DELIVERED,
    "completed": Report.DELIVERED,
    "undelivered": Report.UNDELIVERED,
    "failed": Report.UNDELIVERED,
    "busy": Report.UNDELIVERED,
    "no-answer": Report.UNDELIVERED,
    "canceled": Report.UNDELIVERED,
}


class Stage(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Times(NamedTuple):
    sent: datetime | None = None
    delivered: datetime | None = None
    opened: datetime | None = None
    answered: datetime | None = None


def reached(times: Times, *, failed: bool = False, cancelled: bool = False) -> Stage:
    """The furthest stage there is evidence for: who has opened it got it, whatever else was said."""
    if times.answered:
        return Stage.ANSWERED
    if times.opened:
        return Stage.OPENED
    if times.delivered:
        return Stage.DELIVERED
    if failed:
        return Stage.FAILED
    if cancelled:
        return Stage.CANCELLED
    return Stage.SENT if times.sent else Stage.QUEUED


def looks_like_a_person(method: str, headers: Mapping[str, str]) -> bool:
    """A browser that goes to a page to show it, and not beforehand.

    Scanners and previews fetch links too. Most say none of this; one that drives a real browser
    looks the same, so this is called "opened" and never taken for an answer.
    """
    ahead = headers.get("Sec-Purpose", "") or headers.get("Purpose", "") or headers.get("X-Moz", "")
    shown = headers.get("Sec-Fetch-Mode") == "navigate"
    return method == "GET" and shown and headers.get("Sec-Fetch-Dest") == "document" and not ahead
