"""One look at a wallet, through the node and, where one is named, a second that has to agree."""

from functools import lru_cache
from typing import Final

from core import clock
from energy.domain.measuring import Failed, Fault, Measured, Seen, Unfreezing, measure
from integrations.tron import (
    Node,
    NodeError,
    NodeLimited,
    NodeNonsense,
    NodeStale,
    NodeUnreachable,
    Prices,
    first_node,
    second_node,
)

Looked = Measured | Failed

FAULTS: Final[tuple[tuple[type[NodeError], Fault], ...]] = (
    (NodeStale, Fault.STALE_HEAD),
    (NodeUnreachable, Fault.UNREACHABLE),
    (NodeLimited, Fault.UNREACHABLE),
    (NodeNonsense, Fault.NONSENSE),
)
PRICES_KEPT: Final = 600.0  # seconds; they change by a vote of days


def look(address: str) -> Looked:
    """Whatever goes wrong at a node is a failed measurement; nothing of it is ever a zero."""
    try:
        seen = seen_by(first_node(), address, fee_sun=_fee())
        other = second_node()
        second = seen_by(other, address) if other else None
    except NodeError as error:
        fault = next((fault for kind, fault in FAULTS if isinstance(error, kind)), Fault.NONSENSE)
        return Failed(fault, str(error)[:300])
    return measure(seen, at=clock.now(), second=second)


def seen_by(node: Node, address: str, *, fee_sun: int | None = None) -> Seen:
    """The head first: what is read after it is at least as new."""
    head, resources, account = node.head(), node.resources(address), node.account(address)
    return Seen(
        head_number=head.number,
        head_at=head.at,
        used=resources.energy_used,
        limit=resources.energy_limit,
        total_limit=resources.total_energy_limit,
        total_weight=resources.total_energy_weight,
        balance_sun=account.balance_sun,
        staked_sun=account.staked_energy_sun,
        delegated_out_sun=account.lent_energy_sun,
        delegated_in_sun=account.borrowed_energy_sun,
        unfreezing=[
            Unfreezing(one.amount_sun, one.expires_at)
            for one in account.unfreezing
            # What is over is money already: cancelling stakes it no more.
            if one.resource == "ENERGY" and one.expires_at > head.at
        ],
        window=account.energy_window_seconds,
        energy_fee_sun=fee_sun,
    )


def _fee() -> int | None:
    """What burning costs is told along; not to know it is no failure of the measurement."""
    try:
        return _prices(int(clock.now().timestamp() // PRICES_KEPT)).energy_sun
    except NodeError:
        return None


@lru_cache(maxsize=1)
def _prices(_period: int) -> Prices:
    return first_node().prices()
