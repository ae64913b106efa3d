"""A file that nobody reads without the key, written and read piece by piece, however long it is.

Each piece is AES-256-GCM, its nonce its number and whether it is the last (the STREAM of Hoang, Reyhanitabar,
Rogaway and Vizár): what was changed, moved, left out or cut off is noticed. Each file has a key of its own, so that
no nonce is used twice. The head is in the clear, and belongs to what every piece vouches for.
"""

import io
import json
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.durable import alone, flush

MAGIC: Final = b"bongsu sealed 1\n"
LENGTH: Final = struct.Struct(">I")
LONGEST: Final = 16 * 1024 * 1024  # bytes of a piece: a damaged length shall not take all memory
INFO: Final = b"bongsu: a sealed file"


class Unreadable(Exception):
    """The text says why."""


def write(path: Path, pieces: Iterable[bytes], *, secret: str, about: dict[str, str]) -> None:
    """There whole afterwards, or as it was before. Only its owner may read even the sealed bytes."""
    waiting = path.with_name(f".{path.name}.new")
    with alone(path.parent):
        with open(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(sealed(pieces, secret=secret, about=about))
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
        flush(path.parent)


def sealed(pieces: Iterable[bytes], *, secret: str, about: dict[str, str]) -> Iterator[bytes]:
    """The same without a file: the bytes that belong into one."""
    rest, salt = iter(pieces), secrets.token_bytes(16)
    key, check = _keys(secret, salt)
    head = json.dumps({**about, "salt": salt.hex(), "key": check}).encode()
    yield MAGIC + LENGTH.pack(len(head)) + head
    cipher, number = AESGCM(key), 0
    piece: bytes | None = next(rest, b"")
    while piece is not None:
        following = next(rest, None)
        closed = cipher.encrypt(_nonce(number, last=following is None), piece, head)
        yield LENGTH.pack(len(closed)) + closed
        piece, number = following, number + 1


class Sealed:
    """Raises `Unreadable` when it is opened with another key, or at the piece that is damaged."""

    def __init__(self, path: Path, *, secret: str) -> None:
        self.path = path
        with self._opened() as file:
            self._head = _head(file, path)
            self._start = file.tell()
        self.about, salt, wanted = _read_head(self._head, path)
        key, check = _keys(secret, salt)
        if check != wanted:
            raise Unreadable(f"{path} was written with another key.")
        self._cipher = AESGCM(key)

    def pieces(self) -> Iterator[bytes]:
        with self._opened() as file:
            file.seek(self._start)
            number, last = 0, False
            while not last:
                closed = _piece(file, self.path, number)
                last = not file.peek(1)
                yield self._opened_piece(closed, number, last=last)
                number += 1

    def _opened_piece(self, closed: bytes, number: int, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number, last=last), closed, self._head)
        except InvalidTag:
            raise Unreadable(f"{self.path} is damaged or cut off at piece {number + 1}.") from None

    def _opened(self) -> io.BufferedReader:
        try:
            return self.path.open("rb")
        except FileNotFoundError:
            raise Unreadable(f"There is no {self.path}.") from None


def _head(file: BinaryIO, path: Path) -> bytes:
    if file.read(len(MAGIC)) != MAGIC:
        raise Unreadable(f"{path} is not a sealed file, or only the beginning of one.")
    return _piece(file, path, -1)


def _read_head(head: bytes, path: Path) -> tuple[dict[str, str], bytes, str]:
    try:
        about = json.loads(head)
        return about, bytes.fromhex(about["salt"]), about["key"]
    except (ValueError, KeyError, TypeError):
        raise Unreadable(f"{path} is damaged at its head.") from None


def _piece(file: BinaryIO, path: Path, number: int) -> bytes:
    size = file.read(LENGTH.size)
    length = LENGTH.unpack(size)[0] if len(size) == LENGTH.size else LONGEST + 1
    found = file.read(length) if length <= LONGEST else b""
    if len(found) != length:
        raise Unreadable(f"{path} is damaged or cut off at piece {number + 1}.")
    return found


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _keys(secret: str, salt: bytes) -> tuple[bytes, str]:
    """The key, and what tells another key from a damaged file."""
    made = HKDF(SHA256(), 48, salt, INFO).derive(secret.encode())
    return made[:32], made[32:].hex()
