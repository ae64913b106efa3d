"""The response to a shortage. A tick looks at each wallet that is short, and does the next thing due.

Whatever is done is a guarded action under a key of the response and its round, so that a tick may die
between any two lines, or run twice at once, and the next one goes on from the rows.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from core.errors import Refused
from core.money import trx
from core.told import Told
from core.told import Told as _
from energy.domain.responses import Result, status_of
from energy.domain.states import Level
from energy.models import EnergyPolicy, PurchaseState, Response, Role, Step, Wallet
from energy.services import affecting, reporting, resuming, rising, rounds
from energy.services.homes import settle_in
from runbooks.services import refuse

REPLAN: Final = timedelta(seconds=30)  # while energy is missing and nothing could be done
log = logging.getLogger(__name__)


def respond(*, at: datetime) -> int:
    """How many responses are open."""
    short = Wallet.objects.filter(
        enabled=True, role=Role.HOT, failures=0, confirmed__gte=Level.EMERGENCY
    ).select_related("last")
    for wallet in short.exclude(Exists(Response.objects.open().filter(wallet=OuterRef("pk")))):
        _begin(wallet, at)
    rows = Response.objects.open().select_related("wallet__last", "wallet__pays", "affects")
    responses = list(rows.select_related("policy", "incident__merged_into"))
    for response in responses:
        try:
            _go_on(response, at)
        except Exception:  # one that cannot go on keeps no other from it
            log.exception("response %s", response.pk)
    return len(responses)


def _begin(wallet: Wallet, at: datetime) -> None:
    reading = wallet.last
    try:
        with transaction.atomic():
            Response.objects.create(
                wallet=wallet, policy=EnergyPolicy.now(), level=wallet.confirmed, began_at=at,
                left=reading.left if reading else 0, limit=reading.limit if reading else 0,
            )  # fmt: skip
    except IntegrityError:
        return  # another tick was faster


def _go_on(response: Response, at: datetime) -> None:
    if settle_in(response, at=at) is None:
        return
    _follow_the_level(response, at)
    resuming.note(response, at=at)
    affecting.note(response, at=at)
    rising.follow(response, at=at)
    if response.recovered_at is None:
        _act(response, at)
    else:
        if _is_quiet(response) and _has_news(response):
            _report(response, short=False, at=at)
        resuming.resume(response, at=at)
        _end(response, at)


def _follow_the_level(response: Response, at: datetime) -> None:
    """It rises with what two readings say, and is over when the wallet stands well above."""
    wallet = response.wallet
    with transaction.atomic():
        held = Response.objects.open().select_for_update().filter(pk=response.pk).first()
        if held is None:
            return
        before = held.level, held.recovered_at
        if wallet.confirmed >= Level.EMERGENCY and held.recovered_at is not None:
            held.recovered_at = None
            reporting.tell(response, "fell_again", at=at)
        if wallet.confirmed > held.level:
            _withdraw(response, at, _("The shortage has become graver."))
            held.level = wallet.confirmed
        if wallet.level < Level.EMERGENCY and not wallet.failures and held.recovered_at is None:
            _withdraw(response, at, _("The energy is back."))
            held.recovered_at = at
            reporting.tell(response, "back", at=at)
        if (held.level, held.recovered_at) != before:
            held.save(update_fields=["level", "recovered_at"])
        response.level, response.recovered_at = held.level, held.recovered_at
        response.told_level = held.told_level
        if response.recovered_at is None:
            reporting.tell_begin(response, at=at)


def _act(response: Response, at: datetime) -> None:
    rounds.hold(response, at=at)
    found = rounds.outlook(response, at=at)
    if found.waits or found.plan is None:
        return
    if found.wanted:
        rounds.write(response, found, at=at)
        return
    if response.planned_at is None or at >= response.planned_at + REPLAN or _has_news(response):
        rounds.write(response, found, at=at)  # why nothing else is done
        _report(response, short=found.plan.still_missing > 0, at=at)


def _is_quiet(response: Response) -> bool:
    results = {step.result for step in response.steps.with_results()}
    return not results & {Result.RUNNING, Result.WAITS}


def _is_owed(response: Response) -> bool:
    """A purchase that may still come: what it cost, and whether in vain, belongs to the report."""
    owed = (PurchaseState.LATE, PurchaseState.NO_RISE)
    return response.steps.filter(action__purchase__state__in=owed).exists()


def _has_news(response: Response) -> bool:
    """An action has ended since it was last reported."""
    since = response.reported_at
    ends = [step.action.ended_at for step in response.steps.with_results() if step.action]
    return since is None or any(one and one > since for one in ends)


def _report(response: Response, *, short: bool, at: datetime) -> None:
    with transaction.atomic():
        held = Response.objects.select_for_update().get(pk=response.pk)
        results = [
            step.result
            for step in response.steps.with_results()
            if step.result is not Result.UNUSED
        ]
        response.status, response.reported_at = held.status, held.reported_at
        reporting.report(response, status_of(Level(response.level), results, short=short), at=at)


def _end(response: Response, at: datetime) -> None:
    """Nothing runs, nothing is held and nothing is owed any more."""
    if not _is_quiet(response) or _is_owed(response) or response.pauses.open().exists():
        return
    with transaction.atomic():
        if not Response.objects.open().filter(pk=response.pk).update(ended_at=at):
            return
        rising.forget(response, at=at)
        reporting.tell(
            response, "response_over", at=at,
            seconds=round((at - response.began_at).total_seconds()),
            trx=trx(response.cost_sun),
            lost=trx(response.lost_sun) if response.lost_sun else "",
        )  # fmt: skip


def _withdraw(response: Response, at: datetime, reason: Told) -> None:
    """What waits still, and is not wanted any more."""
    for step in response.steps.with_results():
        if step.result is Result.WAITS:
            _take_back(step, at, reason)


def _take_back(step: Step, at: datetime, reason: Told) -> None:
    if step.action is None:
        return
    try:
        refuse(step.action, at=at, reason=reason)
    except Refused:
        return  # it has begun, or a person was faster
