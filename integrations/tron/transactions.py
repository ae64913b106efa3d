"""Transactions before and after signing. Their id is always computed here, never taken from a node."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Self

from integrations.tron import protobuf
from integrations.tron.contracts import CONTRACTS, Contract
from integrations.tron.errors import Tampered

TYPE_URL: Final = "type.googleapis.com/protocol."
LIFETIME_MAX: Final = timedelta(hours=24)  # the chain takes nothing that is valid for longer
LATEST: Final = 10**13  # milliseconds: the year 2286, where dates are still dates
RAW: Final = {"contract", "ref_block_bytes", "ref_block_hash", "expiration", "timestamp"}
SIGNATURE: Final = re.compile(r"[0-9a-f]{130}")


@dataclass(frozen=True)
class Unsigned:
    """All that a transaction says. Bytes and id follow from it, so they cannot disagree with it."""

    contract: Contract
    permission_id: int
    ref_block_bytes: str  # hex
    ref_block_hash: str  # hex
    expiration: int  # milliseconds, as on the wire
    timestamp: int

    def __post_init__(self) -> None:
        _hex("ref_block_bytes", self.ref_block_bytes, digits=4)
        _hex("ref_block_hash", self.ref_block_hash, digits=16)
        for name in ("permission_id", "expiration", "timestamp"):
            if type(getattr(self, name)) is not int:
                raise ValueError(f"{name} is no whole number")
        if not 0 <= self.timestamp < self.expiration < LATEST:
            raise ValueError("the time in which it is valid cannot be")
        if not 0 <= self.permission_id <= 9:
            raise ValueError(f"permission {self.permission_id} cannot be")
        if self.expiration - self.timestamp > LIFETIME_MAX // timedelta(milliseconds=1):
            raise ValueError("it would be valid for longer than the chain allows")

    @cached_property
    def raw_bytes(self) -> bytes:
        url = f"{TYPE_URL}{self.contract.name}".encode()
        parameter = protobuf.octets(1, url) + protobuf.octets(2, self.contract.encoded)
        contract = (
            protobuf.integer(1, self.contract.type)
            + protobuf.octets(2, parameter)
            + protobuf.integer(5, self.permission_id)
        )
        return (
            protobuf.octets(1, bytes.fromhex(self.ref_block_bytes))
            + protobuf.octets(4, bytes.fromhex(self.ref_block_hash))
            + protobuf.integer(8, self.expiration)
            + protobuf.octets(11, contract)
            + protobuf.integer(14, self.timestamp)
        )

    @property
    def txid(self) -> str:
        return sha256(self.raw_bytes).hexdigest()

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.expiration / 1000, UTC)

    @property
    def raw_data(self) -> dict[str, Any]:
        """As the node takes it."""
        contract: dict[str, Any] = {
            "parameter": {
                "value": self.contract.value,
                "type_url": f"{TYPE_URL}{self.contract.name}",
            },
            "type": self.contract.name,
        }
        if self.permission_id:
            contract["Permission_id"] = self.permission_id
        return {
            "contract": [contract],
            "ref_block_bytes": self.ref_block_bytes,
            "ref_block_hash": self.ref_block_hash,
            "expiration": self.expiration,
            "timestamp": self.timestamp,
        }

    @classmethod
    def read(cls, raw_data: object) -> Self:
        """From a node's or a stranger's words. Raises Tampered at anything that is not of ours."""
        try:
            return cls._read(raw_data)
        except (ValueError, TypeError, KeyError) as error:
            raise Tampered(str(error) or type(error).__name__) from error

    @classmethod
    def _read(cls, raw_data: object) -> Self:
        # A fee limit, a memo, scripts, a second contract: all would change what is signed.
        raw = _only(raw_data, RAW, "raw_data")
        if not isinstance(raw["contract"], list) or len(raw["contract"]) != 1:
            raise ValueError("there is not exactly one contract")
        contract = _only(raw["contract"][0], {"parameter", "type"}, "contract", {"Permission_id"})
        parameter = _only(contract["parameter"], {"value", "type_url"}, "parameter")
        kind = CONTRACTS.get(contract["type"])
        if kind is None or parameter["type_url"] != f"{TYPE_URL}{kind.name}":
            raise ValueError(f"{contract['type']!r} is none of the contracts that are known here")
        return cls(
            contract=kind.read(parameter["value"]),
            permission_id=contract.get("Permission_id", 0),
            **{name: raw[name] for name in RAW - {"contract"}},
        )


@dataclass(frozen=True)
class Signed:
    """What may be sent, any number of times: the same bytes have the same effect once."""

    unsigned: Unsigned
    signature: str  # hex, 65 bytes

    def __post_init__(self) -> None:
        if not SIGNATURE.fullmatch(self.signature):
            raise ValueError("no signature of 65 bytes")

    @property
    def txid(self) -> str:
        return self.unsigned.txid

    @property
    def stored(self) -> dict[str, Any]:
        """For a row, and for the node, which computes the id again."""
        return {
            "txID": self.txid,
            "raw_data": self.unsigned.raw_data,
            "raw_data_hex": self.unsigned.raw_bytes.hex(),
            "signature": [self.signature],
            "visible": False,
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """From a row. Raises Tampered when it is not the transaction whose id stands there."""
        unsigned = Unsigned.read(stored["raw_data"])
        if unsigned.txid != stored["txID"]:
            raise Tampered("what is stored has another id")
        (signature,) = stored["signature"]
        return cls(unsigned, signature)


def agree(asked: Unsigned, offered: object) -> None:
    """Compare what a node made of it, field by field. Raises Tampered with the first difference."""
    if not isinstance(offered, dict):
        raise Tampered("the node offers no transaction")
    read = Unsigned.read(offered.get("raw_data"))
    for facts, theirs in ((asked, read), (asked.contract, read.contract)):
        for field in fields(facts):
            ours = getattr(facts, field.name)
            if type(facts) is not type(theirs) or ours != getattr(theirs, field.name):
                raise Tampered(f"{field.name} is not {ours!r}, as was asked")
    if offered.get("txID") != asked.txid:
        raise Tampered("the node names the id of another transaction")


def _only(
    given: object,
    names: set[str],
    what: str,
    others: set[str] = frozenset(),  # type: ignore[assignment]
) -> dict[str, Any]:
    if not isinstance(given, dict) or not names <= set(given):
        raise ValueError(f"{what} is incomplete")
    if unknown := set(given) - names - others:
        raise ValueError(f"{what} with unknown fields: {', '.join(sorted(map(str, unknown)))}")
    return given


def _hex(name: str, text: object, *, digits: int) -> None:
    if not isinstance(text, str) or not re.fullmatch(rf"[0-9a-f]{{{digits}}}", text):
        raise ValueError(f"{name} is not {digits} hex digits")
