from datetime import UTC, datetime, timedelta
from typing import Final

from integrations.tron.contracts import Contract
from integrations.tron.node import Node
from integrations.tron.transactions import Unsigned, agree

LIFETIME: Final = timedelta(seconds=60)
MILLISECOND: Final = timedelta(milliseconds=1)


def build(
    contract: Contract, *, node: Node, permission_id: int, lifetime: timedelta = LIFETIME
) -> Unsigned:
    """A transaction that a solid block is named in, read the same by us and by the node.

    It ends by the chain's time, not by our clock's. Raises NodeError, or Tampered when the node
    makes another transaction of it.
    """
    head, solid = node.head(), node.solid_head()
    unsigned = Unsigned(
        contract=contract,
        permission_id=permission_id,
        ref_block_bytes=solid.block_id[12:16],
        ref_block_hash=solid.block_id[16:32],
        expiration=_milliseconds(head.at + lifetime),
        timestamp=_milliseconds(min(datetime.now(UTC), head.at + lifetime / 2)),
    )
    agree(unsigned, node.weigh(unsigned))
    return unsigned


def _milliseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, UTC)) // MILLISECOND
