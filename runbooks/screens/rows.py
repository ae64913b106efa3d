"""An action as a person sees it: what it does, who asked, who approved, how long it can wait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from incidents.domain import clocks
from incidents.registry import Reader
from incidents.screens.clock import Clock
from runbooks.domain.actions import Mode, State
from runbooks.models import Action, Approval, Limits, StateName
from teams.domain.roles import Action as May

TONES = {
    State.PROPOSED: "p1",
    State.APPROVED: "p3",
    State.EXECUTING: "p3",
    State.UNKNOWN: "p1",
    State.CONFIRMED: "good",
    State.FAILED: "p0",
    State.LOST: "p0",
}


@dataclass(frozen=True)
class Row:
    action: Action
    title: str
    state: str  # in words
    tone: str
    mode: str
    needed: int  # people who have to approve
    approvals: list[Approval]  # that count
    clock: Clock | None  # while it waits
    may_approve: bool
    may_refuse: bool
    mine: bool  # this person approved it already, or asked for it

    @property
    def still_needed(self) -> int:
        return max(0, self.needed - len(self.approvals))

    @property
    def empty_seats(self) -> range:
        return range(self.still_needed)

    @property
    def shadow(self) -> bool:
        return self.mode == Mode.SHADOW


def rows_of(actions: Iterable[Action], reader: Reader, *, at: datetime) -> list[Row]:
    found = list(actions)
    limits = {row.kind: row for row in Limits.objects.all()} if found else {}
    return [_row(action, limits, reader, at) for action in found]


def _row(action: Action, limits: Mapping[str, Limits], reader: Reader, at: datetime) -> Row:
    limit = limits.get(action.kind) or Limits(kind=action.kind)
    valid = [
        one
        for one in action.approvals.all()
        if one.person_id != action.proposed_by_id and at < one.at + limit.valid_for
    ]
    theirs = {action.proposed_by_id, *(one.person_id for one in valid)}
    mine = reader.pk is not None and reader.pk in theirs
    asked = action.state == State.PROPOSED
    return Row(
        action=action,
        title=str(action),
        state=str(StateName(action.state).label),
        tone=TONES.get(State(action.state), "none"),
        mode=limit.mode,
        needed=action.people_needed(limit.plain),
        approvals=valid if asked else list(action.approvals.all()),
        clock=_clock(action, limit.valid_for, at) if action.is_waiting else None,
        may_approve=asked and not mine and reader.may(May.COMMAND),
        may_refuse=action.is_waiting and reader.may(May.RESPOND),
        mine=mine,
    )


def _clock(action: Action, valid_for: timedelta, at: datetime) -> Clock:
    """It warns at half of its time, as people are reminded then."""
    due, warn = action.proposed_at + valid_for, action.proposed_at + valid_for / 2
    read = clocks.read(started=action.proposed_at, due=due, at=at, warn=warn)
    return Clock(
        _("expires"), due, read.seconds_left, read.fraction, read.overdue, read.urgent, warn
    )
