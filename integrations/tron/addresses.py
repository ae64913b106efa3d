"""Addresses as people write them (base58check, T…) and as they stand in a transaction (21 bytes)."""

import re
from typing import Final

from tronpy import keys
from tronpy.exceptions import BadAddress

WRITTEN: Final = re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")
HEX: Final = re.compile(r"41[0-9a-f]{40}")


def is_address(text: object) -> bool:
    """Is it an address as people write it, with the right checksum?"""
    if not isinstance(text, str) or not WRITTEN.fullmatch(text):
        return False
    try:
        keys.to_base58check_address(text)
    except BadAddress:
        return False
    return bool(HEX.fullmatch(keys.to_hex_address(text)))


def to_bytes(address: str) -> bytes:
    return bytes.fromhex(to_hex(address))


def to_hex(address: str) -> str:
    if not is_address(address):
        raise ValueError(f"{address!r} is no TRON address")
    return str(keys.to_hex_address(address))


def from_hex(text: object) -> str:
    """Nothing but 42 lower-case hex digits: tronpy would take Ethereum's form as well."""
    if not isinstance(text, str) or not HEX.fullmatch(text):
        raise ValueError(f"{text!r} is no TRON address in hex")
    return str(keys.to_base58check_address(text))
