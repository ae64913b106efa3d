"""A transaction's raw bytes, made from its JSON as a node makes them: what is signed is their hash.

Written apart from the product's encoder on purpose: a mistake in one does not hide in the other.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sandbox.chain import addresses

RESOURCES = {"BANDWIDTH": 0, "ENERGY": 1, "TRON_POWER": 2}
PREFIX = "type.googleapis.com/protocol."


class Malformed(ValueError):
    """The JSON is no transaction; the text is what a node says of it."""


class Field(NamedTuple):
    number: int
    name: str
    kind: str  # address | int | bool | resource


class Kind(NamedTuple):
    number: int
    fields: tuple[Field, ...]


KINDS = {
    "TransferContract": Kind(1, (
        Field(1, "owner_address", "address"), Field(2, "to_address", "address"), Field(3, "amount", "int"),
    )),
    "FreezeBalanceV2Contract": Kind(54, (
        Field(1, "owner_address", "address"), Field(2, "frozen_balance", "int"), Field(3, "resource", "resource"),
    )),
    "UnfreezeBalanceV2Contract": Kind(55, (
        Field(1, "owner_address", "address"), Field(2, "unfreeze_balance", "int"), Field(3, "resource", "resource"),
    )),
    "WithdrawExpireUnfreezeContract": Kind(56, (Field(1, "owner_address", "address"),)),
    "DelegateResourceContract": Kind(57, (
        Field(1, "owner_address", "address"), Field(2, "resource", "resource"), Field(3, "balance", "int"),
        Field(4, "receiver_address", "address"), Field(5, "lock", "bool"), Field(6, "lock_period", "int"),
    )),
    "UnDelegateResourceContract": Kind(58, (
        Field(1, "owner_address", "address"), Field(2, "resource", "resource"), Field(3, "balance", "int"),
        Field(4, "receiver_address", "address"),
    )),
    "CancelAllUnfreezeV2Contract": Kind(59, (Field(1, "owner_address", "address"),)),
}  # fmt: skip


def encode(raw: Mapping[str, Any]) -> bytes:
    """`raw_data` → bytes. Unknown fields are ignored, as a node does; what is zero is not written."""
    parts = [
        _bytes(1, _hex(raw, "ref_block_bytes")),
        _bytes(4, _hex(raw, "ref_block_hash")),
        _varint(8, _whole(raw.get("expiration"))),
        _bytes(10, _hex(raw, "data")),
        *(_bytes(11, _contract(each), always=True) for each in raw.get("contract") or ()),
        _varint(14, _whole(raw.get("timestamp"))),
        _varint(18, _whole(raw.get("fee_limit"))),
    ]
    return b"".join(parts)


def txid(raw_bytes: bytes) -> str:
    return sha256(raw_bytes).hexdigest()


def parsed(contract: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind of a contract and its values as Python has them, addresses in hex."""
    name = str(contract.get("type"))
    kind = KINDS.get(name)
    if kind is None:
        raise Malformed(f"unsupported contract type {name}")
    value = (contract.get("parameter") or {}).get("value")
    if not isinstance(value, Mapping):
        raise Malformed("contract without a value")
    return name, {field.name: _READ[field.kind](value.get(field.name)) for field in kind.fields}


def _contract(contract: Mapping[str, Any]) -> bytes:
    name, value = parsed(contract)
    kind = KINDS[name]
    packed = b"".join(_WRITE[field.kind](field.number, value[field.name]) for field in kind.fields)
    any_ = _bytes(1, (PREFIX + name).encode()) + _bytes(2, packed)
    permission = _whole(contract.get("Permission_id"))
    return _varint(1, kind.number) + _bytes(2, any_, always=True) + _varint(5, permission)


def _tag(number: int, wire: int) -> bytes:
    return _number(number << 3 | wire)


def _number(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _varint(number: int, value: int) -> bytes:
    return _tag(number, 0) + _number(value) if value else b""


def _bytes(number: int, value: bytes, *, always: bool = False) -> bytes:
    return _tag(number, 2) + _number(len(value)) + value if value or always else b""


def _hex(raw: Mapping[str, Any], name: str) -> bytes:
    try:
        return bytes.fromhex(str(raw.get(name) or ""))
    except ValueError:
        raise Malformed(f"{name} is no hex") from None


def _whole(given: object) -> int:
    if given is None:
        return 0
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) >= 1 << 63:
        raise Malformed(f"{given!r} is no int64")
    return given


def _resource(given: object) -> int:
    if isinstance(given, str) and given in RESOURCES:
        return RESOURCES[given]
    number = _whole(given)
    if number not in RESOURCES.values():
        raise Malformed(f"ResourceCode {given!r}")
    return number


def _address(given: object) -> str:
    return addresses.read(given) if given else ""


_READ: dict[str, Callable[[object], Any]] = {
    "address": _address, "int": _whole, "bool": bool, "resource": _resource,
}  # fmt: skip
_WRITE: dict[str, Callable[[int, Any], bytes]] = {
    "address": lambda number, value: _bytes(number, bytes.fromhex(value)),
    "int": _varint,
    "bool": lambda number, value: _varint(number, int(value)),
    "resource": _varint,
}
