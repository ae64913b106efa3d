"""How far a postmortem is, and what may follow what."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    CLOSED = "closed"


OPEN: Final = frozenset({State.DRAFT, State.REVIEW})
# What is published is put right by taking it back to review: the frozen version stays in its history.
MOVES: Final = {
    State.DRAFT: frozenset({State.REVIEW}),
    State.REVIEW: frozenset({State.DRAFT, State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.REVIEW, State.CLOSED}),
    State.CLOSED: frozenset({State.REVIEW}),
}


def may_follow(old: str, new: str) -> bool:
    return State(new) in MOVES[State(old)]
