"""What of a timeline a reader asks to see."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Show(StrEnum):
    ALL = "all"
    PEOPLE = "people"  # what a person said or did
    PAGES = "pages"
    ALERTS = "alerts"
    MESSAGES = "messages"  # to stakeholders
    KEY = "key"  # pinned, or what changed the course


PAGES: Final = frozenset(
    {"paged", "page_sent", "page_failed", "nobody_to_page", "escalated", "response_due_soon"}
)
ALERTS: Final = frozenset(
    {"alert", "alert_resolved", "flapping", "resolution_proposed", "proposal_withdrawn"}
)
MESSAGES: Final = frozenset(
    {
        "customer_impact", "message_drafted", "message_approved", "message_sent", "message_failed",
        "message_withdrawn", "update_due",
    }
)  # fmt: skip
KEY: Final = frozenset({"declared", "severity", "status", "escalated", "resolution_missed"})
KINDS: Final = {Show.PAGES: PAGES, Show.ALERTS: ALERTS, Show.MESSAGES: MESSAGES, Show.KEY: KEY}


def asked(word: str) -> Show:
    """What a query string asks for; an unknown word hides nothing."""
    return Show(word) if word in set(Show) else Show.ALL


LOOKING_BACK: Final = timedelta(days=7)  # what led to an incident may lie before it


def may_have_happened(happened_at: datetime, *, began: datetime, now: datetime) -> bool:
    """Whether something said afterwards can have happened then."""
    return began - LOOKING_BACK <= happened_at <= now
