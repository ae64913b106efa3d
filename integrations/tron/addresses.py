"""Addresses as people write them (base58check, T…) and as they stand in a transaction (21 bytes)."""

import re
from typing import Final

from base58 import b58decode_check, b58encode_check

WRITTEN: Final = re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")
HEX: Final = re.compile(r"41[0-9a-f]{40}")


def is_address(text: object) -> bool:
    """Is it an address as people write it, with the right checksum?"""
    if not isinstance(text, str) or not WRITTEN.fullmatch(text):
        return False
    try:
        return bool(HEX.fullmatch(b58decode_check(text).hex()))
    except ValueError:
        return False


def to_bytes(address: str) -> bytes:
    return bytes.fromhex(to_hex(address))


def to_hex(address: str) -> str:
    if not is_address(address):
        raise ValueError(f"{address!r} is no TRON address")
    return b58decode_check(address).hex()


def from_hex(text: object) -> str:
    """Nothing but 42 lower-case hex digits: Ethereum's form is another thing."""
    if not isinstance(text, str) or not HEX.fullmatch(text):
        raise ValueError(f"{text!r} is no TRON address in hex")
    return b58encode_check(bytes.fromhex(text)).decode()
