"""Withdrawals go again: only our own holds, in two stages, once the energy is back to stay.

First what was paused in whole may go, but for low priority and no faster than the energy comes back; then
the rest. What somebody else holds is theirs. Two people may lift ours earlier (`lift_early`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import Refused
from core.told import Told
from energy.domain.forecast import runway
from energy.domain.resuming import is_back, per_minute
from energy.models import Pause, Reading, Response
from energy.queries import endings, paces
from energy.services.asking import reason
from runbooks.domain.actions import State
from runbooks.models import Action
from runbooks.services import approve, propose, refuse
from teams.models import User

RESUME, HOLD_LOW = "withdrawals.resume", "withdrawals.hold_low"
READINGS: Final = 3
SHORTER: Final = 5  # times, the second stage than the first
AGAIN: Final = timedelta(seconds=30)  # after a lift that failed
NEVER: Final = frozenset({State.REFUSED, State.EXPIRED, State.SHADOWED})  # it was not asked for
PENDING: Final = frozenset({State.PROPOSED, State.APPROVED, State.EXECUTING, State.UNKNOWN})


def note(response: Response, *, at: datetime) -> None:
    """What has become of holds and of their lifting."""
    for pause in response.pauses.open().select_related("action", "lift"):
        never = pause.action.state in NEVER
        lifted = pause.lift is not None and pause.lift.state == State.CONFIRMED
        if never or lifted:
            Pause.objects.open().filter(pk=pause.pk).update(lifted_at=at)


def resume(response: Response, *, at: datetime) -> None:
    """The next stage of each rail whose time it is."""
    pauses = list(response.pauses.select_related("action", "lift").order_by("pk"))
    for rail in sorted({pause.rail for pause in pauses if pause.lifted_at is None}):
        of_rail = [pause for pause in pauses if pause.rail == rail]
        if not _is_time(response, of_rail, at):
            continue
        with transaction.atomic():
            rows = Response.objects.open().select_for_update(skip_locked=True)
            if rows.filter(pk=response.pk, recovered_at__isnull=False).exists():
                _next_stage(response, of_rail, at)


def lift_early(response: Response, *, by: User, at: datetime) -> list[Action]:
    """Proposed with this person's approval; another one's lifts it. Raises Refused."""
    actions = []
    with transaction.atomic():
        Response.objects.select_for_update().get(pk=response.pk)
        for pause in response.pauses.open().select_related("action", "lift"):
            if pause.lift is not None and pause.lift.state in PENDING:
                continue
            action = _lift(response, pause, at, people=2)
            if action.is_waiting:
                approve(action, by=by, at=at)
            actions.append(action)
    if not actions:
        raise Refused(_("Nothing is held any more, or it is being lifted already."))
    return actions


def _is_time(response: Response, pauses: Sequence[Pause], at: datetime) -> bool:
    """Since this stage began, by readings that were all taken after it."""
    policy, wallet = response.policy, response.wallet
    since, least = _stage(pauses, policy.paused_for)
    newest = Reading.objects.filter(wallet=wallet, at__gt=since).order_by("-at")[:READINGS]
    readings = list(newest)
    if len(readings) < READINGS or not all(one.valid for one in readings):
        return False
    if readings[0].at < at - READINGS * wallet.hasty_period:
        return False
    pace = paces([wallet.pk], at=at).get(wallet.pk)
    going = endings(readings[:1], at=at).get(wallet.pk, [])
    lasts = runway(readings[0].usage, readings[0].limit, pace.p50, going) if pace else None
    return is_back(
        [one.percent for one in readings], lasts, held_for=at - since, percent=policy.resume_percent,
        lasts=policy.resume_runway, least=least,
    )  # fmt: skip


def _stage(pauses: Iterable[Pause], paused_for: timedelta) -> tuple[datetime, timedelta]:
    """When the present stage of a rail began, and how long it lasts at least."""
    standing = [one for one in pauses if one.lifted_at is None]
    whole = [one for one in standing if one.whole]
    began = max(one.action.began_at or one.action.proposed_at for one in whole or standing)
    lifted = [one.lifted_at for one in pauses if one.whole and one.lifted_at]
    if whole or not lifted:
        return began, paused_for
    return max(began, *lifted), paused_for / SHORTER


def _next_stage(response: Response, pauses: Sequence[Pause], at: datetime) -> None:
    standing = [one for one in pauses if one.lifted_at is None]
    whole = [one for one in standing if one.whole]
    slow = [one for one in standing if not one.whole]
    if whole and not slow and not _slow_was_tried(response, whole[0].rail):
        _slow_down(response, whole[0].rail, at)
        return
    if whole and any(one.action.state in PENDING and not one.action.waits_for for one in slow):
        return  # the slower pace has to hold before the rail is let go
    for pause in whole or slow:
        _lift_now(response, pause, at)


def _slow_was_tried(response: Response, rail: str) -> bool:
    """Also when it failed: then the rail goes again all at once."""
    rows = response.pauses.filter(rail=rail, whole=False)
    return rows.filter(action__key__contains="-slow-").exists()


def _slow_down(response: Response, rail: str, at: datetime) -> None:
    reading, wallet = response.wallet.last, response.wallet
    pace = per_minute(reading.limit if reading else 0, energy=wallet.transfer_energy)
    key = f"{response.code}-slow-{response.round}-{rail}"
    given = {"rail": rail, "reason": reason(response), "per_minute": pace}
    action = propose(HOLD_LOW, key, given, incident=response.incident, at=at)
    Pause.objects.get_or_create(
        action=action, defaults={"response": response, "rail": rail, "whole": False}
    )


def _lift_now(response: Response, pause: Pause, at: datetime) -> None:
    """What two people have begun to lift needs nobody any more."""
    if pause.action.state in PENDING:
        if pause.action.is_waiting:
            _take_back(pause.action, at)
        return
    lift = pause.lift
    if lift is not None and lift.state in PENDING:
        if not lift.is_waiting or not lift.at_least:
            return
        if not _take_back(lift, at):
            return
    elif lift is not None and lift.ended_at is not None and at < lift.ended_at + AGAIN:
        return
    _lift(response, pause, at)


def _lift(response: Response, pause: Pause, at: datetime, *, people: int = 0) -> Action:
    key = f"{response.code}-lift-{pause.pk}-{pause.tries + 1}"
    given = {
        "rail": pause.rail,
        "hold": pause.action.key,
        "reason": reason(response),
        "low": not pause.whole,
    }
    action = propose(RESUME, key, given, incident=response.incident, at_least=people, at=at)
    pause.lift, pause.tries = action, pause.tries + 1
    pause.save(update_fields=["lift", "tries"])
    return action


def _take_back(action: Action, at: datetime) -> bool:
    try:
        refuse(action, at=at, reason=Told(gettext_noop("The energy is back.")))
    except Refused:
        return False  # it has begun, or a person was faster
    return True
