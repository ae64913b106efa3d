"""The response that runs for a wallet, or the last one: its steps, what came of each, what it cost."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.charts.shapes import Mark
from energy.domain.planning import Why
from energy.domain.responses import Result
from energy.domain.states import Level
from energy.models import LeverName, Response, StatusName, Step, Wallet
from energy.screens.policy import REASONS
from runbooks.domain.actions import PAID, State
from runbooks.models import Action

RESULTS: Final[dict[Result, tuple[Promise, str]]] = {
    Result.RUNNING: (_("being done"), "p2"),
    Result.WAITS: (_("waits"), "p2"),
    Result.DONE: (_("done"), "good"),
    Result.FAILED: (_("failed"), "p1"),
    Result.NEVER_CAME: (_("paid, and nothing came"), "p0"),
    Result.NO_RISE: (_("confirmed, and the limit did not rise"), "p0"),
    Result.LATE: (_("paid, nothing came so far"), "p1"),
    Result.SHADOWED: (_("only decided"), "unknown"),
    Result.WITHDRAWN: (_("withdrawn"), ""),
    Result.UNUSED: (_("not used"), ""),
}
SHOWN: Final = 20


@dataclass(frozen=True)
class Line:
    """`name`: as the manual calls the lever."""

    name: str
    title: str
    word: Promise
    tone: str
    text: str
    action: Action | None
    waits: bool
    step: Step


@dataclass(frozen=True)
class Told:
    response: Response
    status: str
    tone: str
    lines: Sequence[Line]
    unused: Sequence[tuple[Promise | str, Promise]]
    cost_sun: int
    lost_sun: int  # of it, for what never came
    estimate: timedelta | None
    holds: int  # that stand
    lifting: Sequence[Action]  # proposed by a person, waiting for another


def latest(wallet: Wallet) -> Told | None:
    """In a fixed number of queries, however many steps it has."""
    response = wallet.responses.select_related("incident", "policy").order_by("pk").last()
    if response is None:
        return None
    steps = list(response.steps.with_results())
    pulled = [step for step in steps if step.action]
    pauses = [
        one
        for one in response.pauses.open().select_related("action", "lift")
        if one.action.state == State.CONFIRMED
    ]
    seconds = response.estimate_seconds
    return Told(
        response,
        str(StatusName(response.status).label),
        _tone(response),
        [_line(step) for step in pulled[-SHOWN:]],
        _unused(steps),
        sum(_paid(step, PAID) for step in pulled),
        sum(_paid(step, {State.LOST}) for step in pulled),
        None if seconds is None or response.recovered_at else timedelta(seconds=seconds),
        len(pauses),
        [one.lift for one in pauses if one.lift and one.lift.is_waiting and one.lift.at_least],
    )


def marks(wallet: Wallet, since: datetime) -> list[Mark]:
    """On the chart: when a response began, and when the energy was back."""
    rows = wallet.responses.filter(began_at__gte=since).order_by("-pk")[:SHOWN]
    found = []
    for row in rows:
        tone = "p0" if row.level >= Level.CRITICAL else "p1"
        found.append(Mark(row.began_at, str(_("response")), tone))
        if row.recovered_at:
            found.append(Mark(row.recovered_at, str(_("back")), "good"))
    return found


def _line(step: Step) -> Line:
    word, tone = RESULTS[step.result]
    action = step.action
    return Line(
        step.lever,
        str(action) if action else str(LeverName(step.lever).label),
        word,
        tone,
        (action.why_it_waits or action.text) if action else "",
        action,
        step.result is Result.WAITS,
        step,
    )


def _paid(step: Step, states: Set[State]) -> int:
    if step.lever != LeverName.BUY_ENERGY or step.action is None:
        return 0
    return step.action.sun if step.action.state in states else 0


def _tone(response: Response) -> str:
    if response.recovered_at:
        return "good"
    return "p0" if response.level >= Level.CRITICAL else "p1"


def _unused(steps: Sequence[Step]) -> list[tuple[Promise | str, Promise]]:
    """The last reason of each lever that was never pulled."""
    pulled = {step.lever for step in steps if step.action}
    last = {step.lever: step.why for step in steps if not step.action}
    return [
        (LeverName(lever).label, REASONS[Why(why)])
        for lever, why in last.items()
        if lever not in pulled
    ]
