"""Which rails a response holds, and which it still has to."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from energy.domain.policy import Lever
from energy.domain.responses import Result
from energy.models import Pause, Response, Step, Wallet
from integrations import wallet_service
from integrations.wallet_service import WalletServiceError

SCOPES: Final = (Lever.PAUSE_WITHDRAWALS, Lever.HOLD_WITHDRAWALS)
AGAIN: Final = timedelta(seconds=15)  # a pause is insisted on


def to_hold(
    response: Response, steps: Iterable[Step], levers: Iterable[Lever], *, at: datetime
) -> list[str]:
    """Those that nothing of ours holds as the level wants it: in whole, or what is of low priority."""
    wanted = next((lever for lever in levers if lever in SCOPES), None)
    if wanted is None or not wallet_service.configured():
        return []
    whole = wanted is Lever.PAUSE_WITHDRAWALS
    done = {step.rail for step in steps if step.lever == wanted and not _is_due(step, at)}
    held = {pause.rail for pause in _standing(response) if pause.whole or not whole}
    return [rail for rail in _rails(response) if rail not in done | held]


def are_held(response: Response) -> bool:
    return bool(_standing(response))


def in_flight(wallet: Wallet) -> int:
    """Energy that what is broadcast will take, and no reading shows so far; 0 where the service does not say.

    Of the rails that are named only: of "all" it is not known which take any.
    """
    if not wallet.rails or not wallet_service.configured():
        return 0
    try:
        unmined = sum(wallet_service.rail(name).unmined for name in wallet.rails)
    except WalletServiceError:
        return 0
    return unmined * wallet.transfer_energy


def _rails(response: Response) -> list[str]:
    """Those of the wallet; without any named, all that there are."""
    if response.wallet.rails:
        return list(response.wallet.rails)
    try:
        return [rail.name for rail in wallet_service.rails()]
    except WalletServiceError:
        return []


def _is_due(step: Step, at: datetime) -> bool:
    """It failed, or was lifted again, so it has to be asked for anew; a shadow is as good as done."""
    action = step.action
    if action is None or step.result in {Result.RUNNING, Result.WAITS, Result.SHADOWED}:
        return False
    if step.result is Result.DONE:
        pause = Pause.objects.filter(action=action).select_related("lift").first()
        return pause is not None and pause.lifted_at is not None and not pause.lifted_by_people
    return action.ended_at is None or action.ended_at <= at - AGAIN


def _standing(response: Response) -> Sequence[Pause]:
    """Also one that an earlier shortage of this wallet left."""
    rows = Pause.objects.open().filter(response__wallet=response.wallet_id)
    return [one for one in rows.select_related("action") if one.action.state == "confirmed"]
