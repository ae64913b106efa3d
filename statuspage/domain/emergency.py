"""What is said while there is no database: the last snapshot with one more word in it."""

from collections.abc import Mapping
from typing import Final, TypedDict

from statuspage.domain.choosing import News, is_edge, keys
from statuspage.domain.phases import HOLDS, OVER, Kind, Phase, may_follow
from statuspage.domain.snapshot import (
    Changed,
    ComponentFacts,
    NoticeFacts,
    Snapshot,
    Text,
    moment,
)
from statuspage.domain.states import Impact, State, impact_of, worst

LISTED: Final = (State.OPERATIONAL, State.DEGRADED, State.PARTIAL, State.MAJOR)  # that may be said


class Line(TypedDict):
    """`id` becomes the update's, so that it is taken into the tables once."""

    id: str
    at: str
    notice: str
    title: Text
    phase: str
    body: Text
    states: dict[str, str]  # by component


class Impossible(Exception):
    """It cannot be said; the text tells why."""


def heard(snapshot: Snapshot, line: Line) -> bool:
    return any(
        update["id"] == line["id"] for one in snapshot["notices"] for update in one["updates"]
    )


def check(snapshot: Snapshot, line: Line) -> None:
    notice = _notice(snapshot, line["notice"])
    last = Phase(notice["phase"]) if notice else None
    kind = Kind(notice["kind"]) if notice else Kind.INCIDENT
    if not may_follow(last, Phase(line["phase"]), kind):
        raise Impossible(f"{line['phase']} cannot follow {last or 'nothing'}.")
    if not notice and not any(line["title"].values()):
        raise Impossible("What is new needs a title.")
    if not any(text.strip() for text in line["body"].values()):
        raise Impossible("Say something: customers read the words.")


def said(snapshot: Snapshot, line: Line) -> None:
    """Put the line into the snapshot, as if it had been read from the tables."""
    notice = _notice(snapshot, line["notice"])
    if notice is None:
        notice = _new(line)
        snapshot["notices"].insert(0, notice)
    phase, at = Phase(line["phase"]), line["at"]
    wanted = notice["says"] | line["states"]
    changes = [
        _move(one, notice["says"].get(one["id"]), wanted[one["id"]], phase, at)
        for one in snapshot["components"]
        if one["id"] in wanted
    ]
    so_far = Impact(notice["impact"])
    notice |= {
        "phase": phase, "says": wanted, "components": list(wanted), "updated_at": at,
        "impact": impact_of(map(State, wanted.values()), so_far=so_far),
        "resolved_at": (notice["resolved_at"] or at) if phase in OVER else None,
        "monitoring_at": at if phase is Phase.MONITORING else notice["monitoring_at"],
        "next_update_by": None,
    }  # fmt: skip
    notice["updates"].insert(0, {
        "id": line["id"], "phase": phase, "body": line["body"], "at": at, "created_at": at,
        "updated_at": at, "told": True, "changes": changes,
    })  # fmt: skip
    snapshot["at"] = max(snapshot["at"], at)
    snapshot["emergencies"] += 1


def last_words(lines: list[Line]) -> list[Line]:
    """Of each notice the newest: what was said before it goes to nobody any more."""
    return list({one["notice"]: one for one in lines}.values())


def news(snapshot: Snapshot, line: Line, places: Mapping[str, tuple[int, int | None]]) -> News:
    """What subscribers are told of; `places` are components' keys and their groups', by public name."""
    notice = _notice(snapshot, line["notice"])
    if notice is None:
        raise Impossible("It is not on the page.")
    spoken = {one["component"] for update in notice["updates"] for one in update["changes"]}
    found = [places[name] for name in {*spoken, *notice["says"]} if name in places]
    return News(
        Kind(notice["kind"]), Impact(notice["impact_override"] or notice["impact"]),
        frozenset(key for key, _group in found), keys([group for _key, group in found]),
        edge=is_beginning_or_end(snapshot, line),
    )  # fmt: skip


def is_beginning_or_end(snapshot: Snapshot, line: Line) -> bool:
    return is_edge(Phase(line["phase"]), first=first_word(snapshot, line) == line["id"])


def first_word(snapshot: Snapshot, line: Line) -> str:
    """The name of the update that began the thread which this one goes on with."""
    notice = _notice(snapshot, line["notice"])
    told = [one["id"] for one in notice["updates"] if one["told"]] if notice else []
    return told[-1] if told else line["id"]


def _move(one: ComponentFacts, before: str | None, state: str, phase: Phase, at: str) -> Changed:
    """What this notice said of it ends, and what it says now begins; what others say stays."""
    old, now = one["state"], int(moment(at).timestamp())
    spans = one["spans"]
    for place, (what, began, ended) in enumerate(spans):
        if ended is None and what == before:
            spans[place] = (what, began, max(began, now))
            break
    if phase in HOLDS and state != State.OPERATIONAL:
        spans.append((state, now, None))
    one["state"] = worst(State(what) for what, _, ended in spans if ended is None)
    one["updated_at"] = at
    return {"component": one["id"], "name": one["name"], "old": old, "new": one["state"]}


def _notice(snapshot: Snapshot, key: str) -> NoticeFacts | None:
    return next((one for one in snapshot["notices"] if one["id"] == key), None)


def _new(line: Line) -> NoticeFacts:
    at = line["at"]
    return {
        "id": line["notice"], "number": None, "severity": "", "kind": Kind.INCIDENT,
        "title": line["title"], "phase": Phase.INVESTIGATING, "impact": Impact.NONE,
        "impact_override": "", "backfilled": False, "started_at": at, "created_at": at,
        "updated_at": at, "monitoring_at": None, "resolved_at": None, "next_update_by": None,
        "scheduled_for": None, "scheduled_until": None, "components": [], "says": {}, "updates": [],
        "merged_into": None,
    }  # fmt: skip
