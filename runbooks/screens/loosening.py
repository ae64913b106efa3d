"""What waits for a second administrator: before and after, why, and what this person may do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from incidents.domain import clocks
from incidents.screens.clock import Clock
from runbooks import queries
from runbooks.domain.loosening import Objection, State
from runbooks.models import Loosening, LooseningEntry, LooseningState
from runbooks.screens.page import Moment
from runbooks.services.loosening_told import objection
from runbooks.words import Said, said
from teams.domain.roles import Action as May
from teams.models import User

SHOWN: Final = 50
TONES: Final = {State.WAITING: "p1", State.APPLIED: "good", State.OUTDATED: "p2"}


@dataclass(frozen=True)
class Row:
    loosening: Loosening
    fields: list[Said]
    state: str
    tone: str
    clock: Clock | None  # while it waits
    may_confirm: bool
    may_refuse: bool
    may_withdraw: bool
    mine: bool


def board(user: User, *, at: datetime) -> dict[str, Any]:
    open_ones = queries.loosenings().waiting(at=at)[:SHOWN]
    over = queries.loosenings().exclude(state=State.WAITING)[:SHOWN]
    return {
        "waiting": rows_of(open_ones, user, at=at),
        "over": rows_of(over, user, at=at),
        "alone": user.may(May.ADMINISTER) and queries.nobody_else(user),
    }


def page(loosening: Loosening, user: User, *, at: datetime) -> dict[str, Any]:
    [row] = rows_of([loosening], user, at=at)
    entries = loosening.entries.select_related("by")
    return {
        "row": row,
        "loosening": loosening,
        "moments": [_moment(one, loosening) for one in entries],
        "alone": row.mine and row.clock is not None and queries.nobody_else(user),
    }


def rows_of(loosenings: Iterable[Loosening], user: User, *, at: datetime) -> list[Row]:
    return [_row(one, user, at) for one in loosenings]


def _row(loosening: Loosening, user: User, at: datetime) -> Row:
    late = loosening.state == State.WAITING and at >= loosening.expires_at
    state = State.EXPIRED if late else State(loosening.state)
    may = state is State.WAITING and user.may(May.ADMINISTER)
    mine = loosening.proposed_by_id == user.pk
    return Row(
        loosening=loosening,
        fields=said(loosening.setting, loosening.fields),
        state=str(LooseningState(state).label),
        tone=TONES.get(state, "none"),
        clock=_clock(loosening, at) if state is State.WAITING else None,
        may_confirm=may and not mine,
        may_refuse=may and not mine,
        may_withdraw=may and mine,
        mine=mine,
    )


def _clock(loosening: Loosening, at: datetime) -> Clock:
    began, due = loosening.proposed_at, loosening.expires_at
    warn = began + (due - began) / 2
    read = clocks.read(started=began, due=due, at=at, warn=warn)
    return Clock(
        _("expires"), due, read.seconds_left, read.fraction, read.overdue, read.urgent, warn
    )


def _moment(entry: LooseningEntry, loosening: Loosening) -> Moment:
    who = entry.by.name if entry.by else _("Bongsu")
    if entry.word in set(Objection) - {Objection.EXPIRED}:
        why = objection(Objection(entry.word), loosening)
        return Moment(entry.at, _("Tried in vain"), f"{who}: {why}", "p2")
    known = {"proposed": _("Proposed")} | {one.value: str(one.label) for one in LooseningState}
    text = f"{who}: {entry.text}" if entry.text else who
    return Moment(
        entry.at, known[entry.word], text, "good" if entry.word == State.APPLIED else "none"
    )
