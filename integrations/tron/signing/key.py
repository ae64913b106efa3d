"""The private key, where it is kept and how it stays there."""

import os
import stat
from pathlib import Path
from typing import Final, NoReturn

from coincurve import PrivateKey, PublicKey
from Crypto.Hash import keccak

from integrations.tron.addresses import from_hex

DIGITS: Final = 64


class BadKey(Exception):
    """There is no key that can be used; the text never holds any of it."""


class Key:
    """Signs, and tells its address. Neither its repr nor a pickle gives it away."""

    __slots__ = ("__private", "address")

    def __init__(self, text: str) -> None:
        digits = text.strip().lower().removeprefix("0x")
        try:
            if len(digits) != DIGITS:
                raise ValueError
            self.__private = PrivateKey(bytes.fromhex(digits))
        except ValueError:
            raise BadKey("the key is not 64 hex digits of a secp256k1 key") from None
        self.address = address_of(self.__private.public_key)

    def sign(self, txid: str) -> str:
        """65 bytes in hex, as the chain takes it: r, s in its lower half, and which key it was (0 or 1)."""
        # The id is a hash already: without None it would be hashed once more.
        return self.__private.sign_recoverable(bytes.fromhex(txid), hasher=None).hex()

    def __repr__(self) -> str:
        return f"<key of {self.address}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave its process")


def address_of(key: PublicKey) -> str:
    """The last 20 bytes of Ethereum's Keccak, which is not the SHA-3 of the standard library."""
    point = key.format(compressed=False)[1:]
    return from_hex("41" + keccak.new(digest_bits=256, data=point).digest()[-20:].hex())


def from_text(text: str) -> list[Key]:
    """One a line, or divided by commas. Raises BadKey."""
    keys = [Key(part) for part in text.replace(",", "\n").splitlines() if part.strip()]
    if not keys:
        raise BadKey("there is no key")
    return keys


def from_file(path: Path) -> list[Key]:
    """Readable by its owner alone, and by us. Raises BadKey."""
    try:
        with path.open() as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise BadKey(f"{path} can be read by others: chmod 600 {path}")
            return from_text(file.read(4096))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text"
        raise BadKey(f"{path}: {reason}") from None
