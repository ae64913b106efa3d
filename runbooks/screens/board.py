"""All actions: what waits for people, what is held back, what is being done, what is over."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from django.db.models import QuerySet

from runbooks import queries
from runbooks.domain.actions import OPEN, State
from runbooks.models import Action, Halt, Limits
from runbooks.screens.rows import Row, rows_of
from teams.domain.roles import Action as May
from teams.models import User

OPEN_SHOWN: Final = 200
PER_PAGE: Final = 30


@dataclass(frozen=True)
class Leaf:
    """A page of what is over; `older` is the id beyond which the next begins."""

    rows: list[Row]
    older: int | None
    first: bool


@dataclass(frozen=True)
class Budget:
    limits: Limits
    day: int
    lifetime: int

    @property
    def day_percent(self) -> int:
        cap = self.limits.day_cap_sun
        return min(100, 100 * self.day // cap) if cap else 0


def board(user: User, *, before: int | None, at: datetime) -> dict[str, Any]:
    open_ones = list(queries.unfinished()[:OPEN_SHOWN]) if before is None else []
    found, older = _leaf(queries.over(before=before))
    rows = rows_of([*open_ones, *found], user, at=at)
    now, past = rows[: len(open_ones)], rows[len(open_ones) :]
    waiting = [row for row in now if row.action.state == State.PROPOSED]
    halt = queries.halted()
    return {
        "waiting": sorted(waiting, key=lambda row: (not row.may_approve, row.action.pk)),
        "held": [row for row in now if row.action.state == State.APPROVED],
        "doing": [row for row in now if row.action.state in OPEN],
        "over": Leaf(past, older, before is None),
        "budgets": _budgets(at) if before is None else [],
        "loosenings": queries.loosenings().waiting(at=at).count(),
        "halt": halt,
        "version": _version(rows, halt),
        **may(user),
    }


def may(user: User) -> dict[str, bool]:
    return {"may_halt": user.may(May.RESPOND), "may_lift": user.may(May.COMMAND)}


def _leaf(rows: QuerySet[Action]) -> tuple[list[Action], int | None]:
    found = list(rows[: PER_PAGE + 1])
    if len(found) <= PER_PAGE:
        return found, None
    return found[:PER_PAGE], found[PER_PAGE - 1].pk


def _budgets(at: datetime) -> list[Budget]:
    spent = queries.spent(at=at)
    return [
        Budget(row, spent[row.kind].day, spent[row.kind].lifetime)
        if row.kind in spent
        else Budget(row, 0, 0)
        for row in queries.every_limit()
    ]


def _version(rows: list[Row], halt: Halt | None) -> str:
    """Of what is shown, the clocks aside: a screen that asks again learns whether it is still true."""
    told = [
        (
            row.action.pk,
            row.action.state,
            row.action.waits_for,
            len(row.approvals),
            row.needed,
            row.mode,
        )
        for row in rows
    ]
    said = repr((told, halt.pk if halt else None))
    return blake2b(said.encode(), digest_size=8).hexdigest()
