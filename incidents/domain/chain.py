"""The timeline's hash chain: each event carries the hash of the one before, so a changed past shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    incident: int
    seq: int
    at: datetime
    kind: str
    actor_id: int | None
    actor: str
    data: Mapping[str, Any]


def digest(link: Link, previous: str) -> str:
    """SHA-256 over the previous hash and the event as canonical JSON (sorted keys, UTC, no spaces)."""
    facts = [
        previous,
        link.incident,
        link.seq,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.kind,
        link.actor_id,
        link.actor,
        link.data,
    ]
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_break(
    events: Iterable[tuple[Link, str]], *, length: int, head: str
) -> tuple[int, str] | None:
    """(seq, what is wrong) of the first event that does not fit, or None for a whole chain."""
    previous, expected = GENESIS, 1
    for link, stored in events:
        if link.seq != expected:
            return expected, "missing"
        if digest(link, previous) != stored:
            return link.seq, "changed"
        previous, expected = stored, expected + 1
    if expected - 1 != length or previous != head:
        return expected, "cut off"
    return None
