"""A planned step as a guarded action: what exactly is done, and who has to approve it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from energy.domain import planning
from energy.domain.policy import COSTLY, KINDS, Lever
from energy.domain.states import Level
from energy.models import Response, Wallet
from runbooks.models import Action
from runbooks.services import propose


def ask(response: Response, step: planning.Step, rail: str, key: str, *, at: datetime) -> Action:
    """In the caller's transaction, which holds the response."""
    drafted = draft(response, step, rail)
    return propose(
        drafted.kind,
        key,
        drafted.parameters,
        sun=drafted.sun,
        incident=response.incident,
        at_least=drafted.at_least,
        at=at,
    )


def draft(response: Response, step: planning.Step, rail: str) -> Action:
    """No row yet."""
    prepared = (Level(response.level), step.lever) in response.policy.plain().prepared
    return Action(
        kind=KINDS[step.lever],
        parameters=_parameters(response, step, rail),
        sun=step.sun if step.lever in COSTLY else 0,
        at_least=1 if prepared else 0,
    )


def _parameters(response: Response, step: planning.Step, rail: str) -> dict[str, Any]:
    if rail:
        return {"rail": rail, "reason": reason(response)}
    if step.lever is Lever.BUY_ENERGY:
        wallet = response.wallet
        seconds = int(response.policy.rent_for.total_seconds())
        order = {"provider": step.provider, "energy": step.energy, "seconds": seconds}
        return {"wallet": wallet.pk, "name": wallet.name, **order}
    helper = Wallet.objects.get(pk=step.helper)
    given: dict[str, Any] = {"wallet": helper.pk, "name": helper.name}
    if step.lever is Lever.EMERGENCY_STAKING:
        given["share_percent"] = response.policy.share_percent
    if step.lever is Lever.DELEGATE_ENERGY:
        receiver = response.wallet
        given |= {"receiver": receiver.pk, "receiver_name": receiver.name, "lend_sun": step.sun}
    return given


def reason(response: Response) -> str:
    """For whoever finds the withdrawals held, in the installation's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Energy shortage of %(wallet)s, incident #%(number)s") % {
            "wallet": response.wallet.name,
            "number": response.incident_id,
        }
