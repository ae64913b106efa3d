"""What became of a transaction, decided by the chain alone.

Intent → built → signed and stored, in one compare-and-set → only then sent. From there the same bytes
are sent again as often as it takes; another transaction is never made. A node refuses what has expired by
the time of its head, so once the *solid* chain is past that moment it can never land any more. What a
node says of a duplicate decides nothing: it remembers also what a fork lost (java-tron #2083).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MARGIN: Final = timedelta(seconds=6)  # two blocks
LEASE: Final = timedelta(seconds=60)  # from the plan to the signature


class State(StrEnum):
    PLANNED = "planned"  # no signature exists that anybody kept
    SIGNED = "signed"  # stored; perhaps sent
    SENT = "sent"  # a node has taken it
    DONE = "done"
    FAILED = "failed"  # on the chain, and refused there
    DEAD = "dead"  # it never was, and can never be


OPEN: Final = frozenset({State.PLANNED, State.SIGNED, State.SENT})


class Receipt(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Step(StrEnum):
    WAIT = "wait"
    SEND = "send"  # the same bytes
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True)
class Facts:
    """What the nodes said. `solid_at` is read before `solid`, so that no block lies between the two."""

    solid_at: datetime
    head_at: datetime
    solid: Receipt | None = None
    head: Receipt | None = None


def is_abandoned(planned_at: datetime, *, now: datetime) -> bool:
    """Whoever planned it died before signing; a signature made since is thrown away by the compare-and-set."""
    return now >= planned_at + LEASE


def next_step(expires_at: datetime, facts: Facts) -> Step:
    """Of what is SIGNED or SENT; any number of times, by anybody."""
    if facts.solid is not None:
        return Step.DONE if facts.solid is Receipt.SUCCEEDED else Step.FAILED
    if facts.solid_at > expires_at + MARGIN:
        return Step.DEAD
    if facts.head is not None or facts.head_at >= expires_at:
        return Step.WAIT
    return Step.SEND
