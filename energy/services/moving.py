"""A guarded action on the chain: one transaction under the action's key, and what the chain made of it.

The transaction's row is the truth, and its key is the action's: whoever comes after a death finds the
same row, or puts one there that nobody can sign any more.
"""

from datetime import timedelta
from time import monotonic, sleep
from typing import Any, Final

from core import clock
from core.errors import Refused
from core.told import Told as _
from energy.domain.settlement import State
from energy.models import ChainTransaction, Wallet
from energy.services.settling import give_up, plan_transaction, settle
from integrations import tron
from runbooks.domain.actions import Outcome
from runbooks.models import Action

PATIENCE: Final = 4.0  # seconds: a block. Solid takes a minute, and others wait behind this one
BETWEEN: Final = 0.3
MARGIN: Final = timedelta(seconds=30)  # to the end of the lease


def move(action: Action, contract: tron.Contract, *, wallet: Wallet) -> Outcome:
    """Plan, sign and send; how it ends is mostly seen later."""
    at = clock.database_now()
    if action.lease_until is None or at > action.lease_until - MARGIN:
        return Outcome.unknown(_("It took too long to begin."))
    try:
        row = plan_transaction(contract, wallet=wallet, key=key_of(action), at=at)
    except Refused as refused:
        return Outcome.failed(refused)
    node, until = tron.first_node(), monotonic() + PATIENCE
    while not settle(row, node=node, at=clock.database_now()) and monotonic() < until:
        sleep(BETWEEN)
    return _outcome(row) or Outcome.unknown(_("Sent; the chain has not confirmed it yet."))


def moved(action: Action, contract: tron.Contract, *, wallet: Wallet) -> Outcome | None:
    """By looking: `energy.settle` goes on with what is open."""
    at = clock.database_now()
    return _outcome(give_up(contract, wallet=wallet, key=key_of(action), at=at))


def key_of(action: Action) -> str:
    return f"{action.kind}:{action.key}"


def _outcome(row: ChainTransaction) -> Outcome | None:
    facts: dict[str, Any] = {"transaction": row.pk, "txid": row.txid}
    match State(row.state):
        case State.DONE:
            text = _("In block %(block)s.", block=row.block)
            return Outcome.confirmed(text, **facts, block=row.block, fee_sun=row.fee_sun)
        case State.FAILED:
            text = _("The chain refused it: %(why)s", why=row.error)
            return Outcome.failed(text, fee_sun=row.fee_sun, **facts)
        case State.DEAD:
            why = row.error or _("it never was on the chain, and cannot come there any more")
            return Outcome.failed(_("Nothing was done: %(why)s", why=why), **facts)
        case _:
            return None
