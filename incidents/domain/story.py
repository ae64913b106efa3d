"""What of a timeline a reader asks to see."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    {"alert", "alert_resolved", "silenced", "flapping", "resolution_proposed", "proposal_withdrawn"}
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


@dataclass(frozen=True)
class Reading:
    show: Show = Show.ALL
    merged: bool = False  # along with what happened to those merged into it

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Reading":
        return cls(asked(query.get("show", "")), query.get("with") == "merged")

    @property
    def query(self) -> str:
        return f"show={self.show}" + ("&with=merged" if self.merged else "")


LOOKING_BACK: Final = timedelta(days=7)  # what led to an incident may lie before it


def may_have_happened(happened_at: datetime, *, began: datetime, now: datetime) -> bool:
    """Whether something said afterwards can have happened then."""
    return began - LOOKING_BACK <= happened_at <= now
