"""Confirmed by the chain, and the limit did not rise: an outcome of its own, told, and never paid for twice."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from core.money import trx
from energy.domain.policy import Lever
from energy.domain.rising import Rise, judge
from energy.domain.turns import CHAIN
from energy.models import ChainTransaction, PurchaseState, Response, Step, Wallet
from energy.services import reporting
from energy.services.moving import key_of
from energy.services.showing import shown_sun
from energy.services.telling import SERVICE, tell_of
from monitoring.domain.alerts import Signal
from runbooks.domain.actions import State
from runbooks.models import Action
from teams.models import User

SEVERITY: Final = "P1"  # somebody has to look: nothing else is paid for meanwhile


def follow(response: Response, *, at: datetime) -> None:
    """What has been confirmed since, and whether it shows."""
    for step in response.steps.with_results():
        if step.risen_at is not None or step.action is None:
            continue
        found = _rise(step, step.action, response.wallet, at)
        if found is Rise.ROSE:
            _rose(step, response, at)
        elif found is Rise.MISSING and step.unrisen_at is None:
            _missing(step, response, at)


def forget(response: Response, *, at: datetime) -> None:
    """The response is over, and with it what it waited for; the caller is in its transaction."""
    if response.steps.missing().exists():
        tell_of([(response.wallet, _over(response))], at=at)


def go_on(step: Step, *, by: User, at: datetime) -> None:
    """A person has looked: what else is missing may be paid for. Raises Refused."""
    with transaction.atomic():
        response = Response.objects.open().select_for_update().filter(pk=step.response_id).first()
        rows = Step.objects.missing().filter(pk=step.pk, waived_at=None)
        if response is None or not rows.update(waived_at=at, waived_by=by):
            raise Refused(_("It shows by now, or somebody else was faster."))
        reporting.tell(response, "gone_on", at=at, by=by, lever=step.lever)


def holds_back(wallet: Wallet) -> bool:
    """Whether something of its open response may still show, so that nothing else is bought."""
    rows = Step.objects.missing().filter(response__wallet=wallet, waived_at=None)
    return rows.filter(response__ended_at=None).exists()


def _rise(step: Step, action: Action, wallet: Wallet, at: datetime) -> Rise:
    if step.lever == Lever.BUY_ENERGY:
        if step.unrisen_at is None and step.bought_as != PurchaseState.NO_RISE:
            return Rise.WAITS
        return Rise.ROSE if step.bought_as == PurchaseState.ARRIVED else Rise.MISSING
    if step.lever not in CHAIN or action.state != State.CONFIRMED or action.ended_at is None:
        return Rise.WAITS
    row = ChainTransaction.objects.filter(key=key_of(action)).first()
    if row is None or row.settled_at is None:
        return Rise.ROSE  # of before there were transactions
    raised = wallet if step.lever == Lever.DELEGATE_ENERGY else step.helper or wallet
    # As it was signed: less may have been idle than was planned.
    return judge(row.sun or step.sun, shown_sun(row, raised), waited=at - row.settled_at)


def _rose(step: Step, response: Response, at: datetime) -> None:
    with transaction.atomic():
        Response.objects.select_for_update().get(pk=response.pk)
        if not Step.objects.filter(pk=step.pk, risen_at=None).update(risen_at=at):
            return
        if step.unrisen_at is None:
            return
        if not response.steps.missing().exists():
            tell_of([(response.wallet, _over(response))], at=at)
        reporting.tell(response, "rose_late", at=at, lever=step.lever)


def _missing(step: Step, response: Response, at: datetime) -> None:
    with transaction.atomic():
        Response.objects.select_for_update().get(pk=response.pk)
        told = response.steps.missing().exists()
        rows = Step.objects.filter(pk=step.pk, unrisen_at=None, risen_at=None)
        if not rows.update(unrisen_at=at):
            return
        if not told:
            tell_of([(response.wallet, _began(step, response, at))], at=at)
        reporting.tell(response, "no_rise", at=at, lever=step.lever, sun=trx(step.sun))


def _began(step: Step, response: Response, at: datetime) -> Signal:
    """In the installation's language: it is read by whoever is paged."""
    wallet, action = response.wallet, step.action
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(wallet)s: %(lever)s is confirmed, and the energy limit did not rise") % {
            "wallet": wallet.name,
            "lever": step.lever,
        }
        description = _(
            "%(what)s. %(said)s It may still show; until then nothing else is bought or staked by itself. "
            "Look at the transaction and at the node."
        ) % {"what": str(action), "said": action.text if action else ""}
    return Signal(
        key=_key(response),
        title=title,
        description=description,
        severities=[SEVERITY],
        service=wallet.service.slug if wallet.service else SERVICE,
        group=f"energy:{wallet.pk}",
        labels={"alertname": "energy_no_rise", "wallet": wallet.name, "lever": step.lever},
        started_at=at,
        url=f"{settings.BASE_URL}{wallet.get_absolute_url()}",
    )


def _over(response: Response) -> Signal:
    return Signal(key=_key(response), title=response.wallet.name, resolved=True)


def _key(response: Response) -> str:
    """One for all that does not show of it: the same person looks at the same node."""
    return f"energy:no_rise:{response.pk}"
