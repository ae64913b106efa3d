"""Which sockets of a machine others can reach, and which of those nobody allowed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, order=True)
class Socket:
    address: str
    port: int

    @property
    def is_open(self) -> bool:
        """To others than this machine."""
        address = ip_address(self.address.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        return not (mapped or address).is_loopback


def strangers(seen: Iterable[Socket], allowed: Collection[int]) -> list[Socket]:
    return sorted({one for one in seen if one.is_open and one.port not in allowed})
