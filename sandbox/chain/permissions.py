"""Who may sign what for an account."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.chain import addresses

OWNER = 0
OWNERS = "7fff1fc0033efb0f000000000000000000000000000000000000000000000000"


def mask(*contracts: int) -> str:
    """The operations of an active permission: bit n allows contract n."""
    bits = bytearray(32)
    for number in contracts:
        bits[number // 8] |= 1 << number % 8
    return bits.hex()


@dataclass(frozen=True)
class Permission:
    id: int
    name: str
    keys: dict[str, int] = field(default_factory=dict)  # address → weight
    threshold: int = 1
    operations: str = ""  # the owner's has none: it may do everything

    def allows(self, contract: int) -> bool:
        if self.id == OWNER:
            return True
        bits = bytes.fromhex(self.operations)
        return bool(bits[contract // 8] >> contract % 8 & 1)

    def as_json(self, *, visible: bool) -> dict[str, Any]:
        keys = [
            {"address": addresses.shown(key) if visible else key, "weight": weight}
            for key, weight in self.keys.items()
        ]
        said: dict[str, Any] = {
            "permission_name": self.name,
            "threshold": self.threshold,
            "keys": keys,
        }
        if self.id != OWNER:
            said |= {"type": "Active", "id": self.id, "operations": self.operations}
        return said
