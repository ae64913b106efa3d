"""Addresses of TRON: 25 bytes in base 58, the last four a check of the others."""

from hashlib import sha256
from typing import Final

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAIN: Final = 0x41
LENGTH: Final = 34


def is_address(text: str) -> bool:
    """A mistyped one would be watched for ever as an empty wallet."""
    if len(text) != LENGTH or any(letter not in ALPHABET for letter in text):
        return False
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    if number.bit_length() > 25 * 8:
        return False
    raw = number.to_bytes(25, "big")
    body, check = raw[:21], raw[21:]
    return body[0] == MAIN and sha256(sha256(body).digest()).digest()[:4] == check
