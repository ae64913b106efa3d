"""What another page says of its past, in the shapes of Statuspage's public API v2: from when until when a component was how."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from statuspage.domain.states import State

FOREIGN: Final = frozenset(State) - {State.UNKNOWN}
Json = Mapping[str, Any]


class Stretch(NamedTuple):
    component: str  # its id there
    state: State
    began: datetime
    ended: datetime


def stretches(incident: Json) -> Iterator[Stretch]:
    """Of what is over: each state that an update gives holds until the next one that speaks of it, or the end."""
    end = datetime.fromisoformat(incident["resolved_at"])
    now: dict[str, tuple[State, datetime]] = {}
    for update in sorted(incident["incident_updates"], key=lambda one: str(one["display_at"])):
        at = min(datetime.fromisoformat(update["display_at"]), end)
        for change in update["affected_components"] or ():
            if change["new_status"] in FOREIGN:
                yield from _ended(now, change["code"], at)
                now[change["code"]] = (State(change["new_status"]), at)
    for code in list(now):
        yield from _ended(now, code, end)


def _ended(now: dict[str, tuple[State, datetime]], code: str, at: datetime) -> Iterator[Stretch]:
    state, began = now.pop(code, (State.OPERATIONAL, at))
    if state is not State.OPERATIONAL and began < at:
        yield Stretch(code, state, began, at)
