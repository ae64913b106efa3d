"""What of a timeline a reader asks to see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final


class Show(StrEnum):
    ALL = "all"
    PEOPLE = "people"  # what a person said, did or has to do
    PAGES = "pages"
    ALERTS = "alerts"
    ACTIONS = "actions"  # guarded ones, what they belong to, and runbooks
    MESSAGES = "messages"  # to stakeholders
    KEY = "key"  # pinned, or what changed the course


# Where each kind of event is at home: in one of these, and in no other.
HOMES: Final = {
    Show.PEOPLE: frozenset(
        {
            "note", "joined", "assembled", "channel_opened", "channel_failed", "role_given", "role_left",
            "task_added", "task_changed", "task_due", "task_done", "task_undone", "evidence_added", "evidence_removed",
            "corrected", "relieved", "linked", "unlinked",
        }
    ),
    Show.PAGES: frozenset(
        {
            "called_in", "declined", "paged", "page_sent", "page_failed", "nobody_to_page", "next_step", "escalated", "answered",
            "answers_lacking", "leaders_told", "answer_lapsed", "policy_applied", "response_due_soon", "resolution_due_soon",
            "resolution_missed",
        }
    ),
    Show.ALERTS: frozenset(
        {
            "alert", "alert_resolved", "alert_moved", "silenced", "flapping", "absorbed", "released",
            "resolution_proposed", "proposal_withdrawn",
        }
    ),
    Show.ACTIONS: frozenset(
        {
            "action_proposed", "action_waits", "action_approved", "action_denied", "action_begun", "action_confirmed", "action_failed",
            "action_lost", "action_unknown", "action_refused", "action_expired", "action_shadowed",
            "run_begun", "run_step", "run_waits", "run_said", "run_steered", "run_over",
            "energy_response_begun", "energy_response_reported", "energy_response_over", "energy_back",
            "energy_fell_again", "energy_cleared", "energy_no_rise", "energy_rose_late", "energy_stake_review", "energy_gone_on",
        }
    ),
    Show.MESSAGES: frozenset(
        {
            "customer_impact", "message_drafted", "message_approved", "message_sent", "message_failed",
            "message_withdrawn", "update_due", "public_update", "public_update_due",
        }
    ),
    Show.KEY: frozenset({"declared", "severity", "severity_kept", "status"}),
}  # fmt: skip
TURNS: Final = frozenset(
    {
        "escalated",
        "resolution_missed",
        "action_confirmed",
        "action_failed",
        "action_lost",
        "run_over",
    }
)
KINDS: Final = HOMES | {Show.KEY: HOMES[Show.KEY] | TURNS}


def asked(word: str) -> Show:
    """What a query string asks for; an unknown word hides nothing."""
    return Show(word) if word in set(Show) else Show.ALL


@dataclass(frozen=True, order=True)
class Place:
    """Where a line stands among those of several timelines; a page of older ones begins below it."""

    at: datetime
    number: int
    seq: int

    @classmethod
    def read(cls, word: str) -> "Place | None":
        """What a query string asks for; nonsense is no place."""
        if not (found := PLACE.fullmatch(word)):
            return None
        since, number, seq = map(int, found.groups())
        return cls(EPOCH + since * TICK, number, seq)

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // TICK}.{self.number}.{self.seq}"


PLACE: Final = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})\.([0-9]{1,9})")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)  # as exact as PostgreSQL keeps it


@dataclass(frozen=True)
class Reading:
    show: Show = Show.ALL
    merged: bool = False  # along with what happened to those merged into it
    before: Place | None = None  # only what is older
    down_to: Place | None = None  # what is older than this stands below already

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Reading":
        return cls(
            asked(query.get("show", "")),
            query.get("with") == "merged",
            Place.read(query.get("before", "")),
            Place.read(query.get("to", "")),
        )

    @property
    def newest(self) -> "Reading":
        return replace(self, before=None, down_to=None)

    @property
    def query(self) -> str:
        parts = [f"show={self.show}"]
        if self.merged:
            parts.append("with=merged")
        if self.before:
            parts.append(f"before={self.before}")
        return "&".join(parts)


LOOKING_BACK: Final = timedelta(days=7)  # what led to an incident may lie before it


def may_have_happened(happened_at: datetime, *, began: datetime, now: datetime) -> bool:
    """Whether something said afterwards can have happened then."""
    return began - LOOKING_BACK <= happened_at <= now
