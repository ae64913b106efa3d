"""What a node says, as plain whole numbers: sun, energy, blocks. Read strictly, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from integrations.tron.contracts import RESOURCES
from integrations.tron.errors import NodeNonsense
from integrations.tron.protobuf import INT64_MAX

SLOT_SECONDS: Final = 3
WINDOW_PRECISION: Final = 1000
Answer = dict[str, Any]


def whole(answer: Answer, name: str, default: int | None = 0) -> int:
    """A number. The node leaves out zeros; `default=None` is for what can never be one."""
    value = answer.get(name, default)
    if type(value) is not int or abs(value) > INT64_MAX:
        raise NodeNonsense(f"{name} is {value!r}")
    return value


@dataclass(frozen=True)
class Head:
    number: int
    block_id: str
    at: datetime

    @classmethod
    def read(cls, answer: Answer) -> Self:
        header = answer.get("block_header", {}).get("raw_data", {})
        block_id, number = str(answer.get("blockID", "")), whole(header, "number")
        if len(block_id) != 64 or int(block_id[:16], 16) != number:
            raise NodeNonsense("a block whose id is not of its number")
        return cls(number, block_id, moment(whole(header, "timestamp", None)))


@dataclass(frozen=True)
class Resources:
    """Used is as of the head block: it is decayed already."""

    energy_used: int
    energy_limit: int
    total_energy_limit: int
    total_energy_weight: int  # whole TRX

    @property
    def energy_left(self) -> int:
        """Never below zero, although more can be used than an account that lost stake may."""
        return max(0, self.energy_limit - self.energy_used)

    @classmethod
    def read(cls, answer: Answer) -> Self:
        facts = cls(
            whole(answer, "EnergyUsed"),
            whole(answer, "EnergyLimit"),
            whole(answer, "TotalEnergyLimit", None),
            whole(answer, "TotalEnergyWeight", None),
        )
        numbers = vars(facts).values()
        if min(numbers) < 0 or 0 in {facts.total_energy_limit, facts.total_energy_weight}:
            raise NodeNonsense("resources with numbers that cannot be")
        return facts


@dataclass(frozen=True)
class Unfreezing:
    resource: str
    amount_sun: int
    expires_at: datetime


@dataclass(frozen=True)
class Permission:
    """Who may sign for what. `operations` is None where nothing is out of reach."""

    id: int
    threshold: int
    keys: dict[str, int]  # address → weight
    operations: frozenset[int] | None

    @classmethod
    def read(cls, answer: Answer, *, limited: bool) -> Self:
        keys = {str(key.get("address")): whole(key, "weight") for key in answer.get("keys", [])}
        mask = bytes.fromhex(answer["operations"]) if limited and "operations" in answer else None
        bits = {n for n in range(8 * len(mask)) if mask[n // 8] >> n % 8 & 1} if mask else set()
        return cls(
            whole(answer, "id"),
            whole(answer, "threshold", None),
            keys,
            None if mask is None else frozenset(bits),
        )


@dataclass(frozen=True)
class Account:
    address: str
    balance_sun: int
    staked_energy_sun: int  # of its own, net of what it lends out
    unfreezing: tuple[Unfreezing, ...]
    lent_energy_sun: int
    borrowed_energy_sun: int
    energy_window_seconds: int  # what is left of the window in which its use decays
    permissions: tuple[Permission, ...]

    @classmethod
    def read(cls, answer: Answer) -> Self:
        resource = answer.get("account_resource", {})
        staked: dict[str, int] = dict.fromkeys(RESOURCES, 0)
        for entry in answer.get("frozenV2", []):
            kind = entry.get("type", RESOURCES[0])
            staked[kind] = staked.get(kind, 0) + whole(entry, "amount")
        frozen_v1 = whole(resource.get("frozen_balance_for_energy", {}), "frozen_balance")
        return cls(
            str(answer.get("address")),
            whole(answer, "balance"),
            staked["ENERGY"] + frozen_v1,
            tuple(_unfreezing(entry) for entry in answer.get("unfrozenV2", [])),
            whole(resource, "delegated_frozenV2_balance_for_energy"),
            whole(resource, "acquired_delegated_frozenV2_balance_for_energy")
            + whole(resource, "acquired_delegated_frozen_balance_for_energy"),
            _window(resource),
            _permissions(answer),
        )


@dataclass(frozen=True)
class Prices:
    energy_sun: int  # burned for one energy that nobody staked for

    @classmethod
    def read(cls, answer: Answer) -> Self:
        listed = {entry.get("key"): entry for entry in answer.get("chainParameter", [])}
        if not {"getEnergyFee", "getTransactionFee"} <= set(listed):
            raise NodeNonsense("the chain's parameters without its prices")
        named = {key: whole(entry, "value") for key, entry in listed.items()}
        if named["getEnergyFee"] <= 0 or named["getTransactionFee"] <= 0:
            raise NodeNonsense("a price of nothing")
        return cls(named["getEnergyFee"])


@dataclass(frozen=True)
class Receipt:
    txid: str
    block: int
    at: datetime
    ok: bool
    fee_sun: int
    energy_used: int
    message: str

    @classmethod
    def read(cls, answer: Answer) -> Self:
        result = answer.get("result", "SUCESS")  # as the chain spells it; left out when it is so
        if result not in {"SUCESS", "FAILED"}:
            raise NodeNonsense(f"a receipt that says {result!r}")
        return cls(
            str(answer.get("id")),
            whole(answer, "blockNumber", None),
            moment(whole(answer, "blockTimeStamp", None)),
            result == "SUCESS",
            whole(answer, "fee"),
            whole(answer.get("receipt", {}), "energy_usage_total"),
            spoken(answer.get("resMessage", "")),
        )


@dataclass(frozen=True)
class Sent:
    """What the node said to a transaction. Only a solid receipt says what became of it."""

    accepted: bool
    code: str
    message: str

    @classmethod
    def read(cls, answer: Answer) -> Self:
        accepted, code = answer.get("result") is True, str(answer.get("code", ""))
        if not accepted and not code:
            raise NodeNonsense("a broadcast that was neither taken nor refused")
        return cls(accepted, code, spoken(answer.get("message", "")))


def moment(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NodeNonsense(f"a time of {milliseconds}") from error


def spoken(text: object) -> str:
    """The node writes its messages in hex, mostly."""
    try:
        return bytes.fromhex(str(text)).decode()
    except ValueError:
        return str(text)[:500]


def _unfreezing(entry: Answer) -> Unfreezing:
    return Unfreezing(
        entry.get("type", RESOURCES[0]),
        whole(entry, "unfreeze_amount"),
        moment(whole(entry, "unfreeze_expire_time", None)),
    )


def _window(resource: Answer) -> int:
    slots = whole(resource, "energy_window_size")
    precise = resource.get("energy_window_optimized") is True
    return slots * SLOT_SECONDS // (WINDOW_PRECISION if precise else 1)


def _permissions(answer: Answer) -> tuple[Permission, ...]:
    """Owner and witness may do whatever such a key may; the active ones what their mask says."""
    whole_ones = [
        answer[name] for name in ("owner_permission", "witness_permission") if name in answer
    ]
    return (
        *(Permission.read(each, limited=False) for each in whole_ones),
        *(Permission.read(each, limited=True) for each in answer.get("active_permission", [])),
    )
