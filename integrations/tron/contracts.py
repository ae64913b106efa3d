"""What we may ask of the chain: five contracts of Stake 2.0, and none that moves money away.

Amounts are whole sun (1 TRX = 1,000,000 sun), locks are blocks of three seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Self

from integrations.tron import addresses, protobuf

SUN: Final = 1_000_000  # in one TRX, which is also the least that can be staked or delegated
LOCK_MAX: Final = 10_512_000  # blocks, a year
Resource = Literal["BANDWIDTH", "ENERGY"]
RESOURCES: Final[tuple[Resource, ...]] = ("BANDWIDTH", "ENERGY")  # by their number on the wire
Kind = Literal["address", "amount", "resource", "flag"]


@dataclass(frozen=True)
class Place:
    """Where a fact stands: our name, the node's, and the field's number."""

    ours: str
    theirs: str
    number: int
    kind: Kind = "amount"


OWNER: Final = Place("owner", "owner_address", 1, "address")


@dataclass(frozen=True)
class Contract:
    owner: str

    type: ClassVar[int]
    name: ClassVar[str]
    places: ClassVar[tuple[Place, ...]] = (OWNER,)

    def __post_init__(self) -> None:
        for place in self.places:
            _check(place.kind, place.ours, getattr(self, place.ours))

    @property
    def encoded(self) -> bytes:
        return b"".join(
            _encoded(place, getattr(self, place.ours))
            for place in sorted(self.places, key=lambda place: place.number)
        )

    @property
    def value(self) -> dict[str, Any]:
        """As the node writes it: addresses in hex, zero left out."""
        told = {place.theirs: _told(place.kind, getattr(self, place.ours)) for place in self.places}
        return {name: fact for name, fact in told.items() if fact is not None}

    @classmethod
    def read(cls, value: object) -> Self:
        """From the node's words. Raises ValueError at whatever is unknown or of another type."""
        if not isinstance(value, dict):
            raise ValueError(f"{cls.name} without a value")
        unknown = set(value) - {place.theirs for place in cls.places}
        if unknown:
            raise ValueError(f"{cls.name} with unknown fields: {', '.join(sorted(unknown))}")
        return cls(
            **{place.ours: _read(place.kind, value.get(place.theirs)) for place in cls.places}
        )


@dataclass(frozen=True)
class _Amount(Contract):
    amount_sun: int
    resource: Resource = "ENERGY"  # never by default the node's BANDWIDTH

    least: ClassVar[int] = SUN

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.amount_sun < self.least:
            raise ValueError(f"{self.name} of {self.amount_sun} sun: {self.least} is the least")


@dataclass(frozen=True)
class Freeze(_Amount):
    """Stake: works in the block that takes it; undone only with fourteen days of waiting."""

    type = 54
    name = "FreezeBalanceV2Contract"
    places = (
        OWNER,
        Place("amount_sun", "frozen_balance", 2),
        Place("resource", "resource", 3, "resource"),
    )


@dataclass(frozen=True)
class Unfreeze(_Amount):
    """Begin the fourteen days after which a stake is money again; its energy is gone at once."""

    type = 55
    name = "UnfreezeBalanceV2Contract"
    least = 1
    places = (
        OWNER,
        Place("amount_sun", "unfreeze_balance", 2),
        Place("resource", "resource", 3, "resource"),
    )


@dataclass(frozen=True)
class _Between(_Amount):
    receiver: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.receiver == self.owner:
            raise ValueError(f"{self.name} to the owner")


BETWEEN: Final = (
    OWNER,
    Place("resource", "resource", 2, "resource"),
    Place("amount_sun", "balance", 3),
    Place("receiver", "receiver_address", 4, "address"),
)


@dataclass(frozen=True)
class Delegate(_Between):
    """Lend what a stake gives to another account. Locked, nobody can take it back before the time."""

    lock: bool = False
    lock_blocks: int = 0  # with a lock, 0 is the chain's own three days

    type = 57
    name = "DelegateResourceContract"
    places = (*BETWEEN, Place("lock", "lock", 5, "flag"), Place("lock_blocks", "lock_period", 6))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.lock_blocks > (LOCK_MAX if self.lock else 0):
            raise ValueError(f"{self.name} with a lock of {self.lock_blocks} blocks")


@dataclass(frozen=True)
class Undelegate(_Between):
    """Take back what was lent and is not locked."""

    type = 58
    name = "UnDelegateResourceContract"
    least = 1
    places = BETWEEN


@dataclass(frozen=True)
class CancelUnfreezes(Contract):
    """Stake again all that waits to become money: energy in one block, with no new money."""

    type = 59
    name = "CancelAllUnfreezeV2Contract"


CONTRACTS: Final[dict[str, type[Contract]]] = {
    contract.name: contract
    for contract in (Freeze, Unfreeze, Delegate, Undelegate, CancelUnfreezes)
}


def amount(contract: Contract) -> int:
    """The sun that it moves; 0 for the one that names none."""
    return contract.amount_sun if isinstance(contract, _Amount) else 0


def _check(kind: Kind, name: str, fact: object) -> None:
    if kind == "address":
        right = addresses.is_address(fact)
    elif kind == "resource":
        right = fact in RESOURCES
    elif kind == "flag":
        right = isinstance(fact, bool)
    else:
        right = type(fact) is int and 0 <= fact <= protobuf.INT64_MAX
    if not right:
        raise ValueError(f"{name}: {fact!r} cannot be")


def _encoded(place: Place, fact: Any) -> bytes:
    if place.kind == "address":
        return protobuf.octets(place.number, addresses.to_bytes(fact))
    wire = RESOURCES.index(fact) if place.kind == "resource" else int(fact)
    return protobuf.integer(place.number, wire)


def _told(kind: Kind, fact: Any) -> object:
    if kind == "address":
        return addresses.to_hex(fact)
    return None if fact == RESOURCES[0] else fact or None


def _read(kind: Kind, fact: object) -> Any:
    if kind == "address":
        return addresses.from_hex(fact)
    if fact is None:
        return {"resource": RESOURCES[0], "flag": False}.get(kind, 0)
    return fact
