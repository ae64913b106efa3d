"""Bodies that come packed, unpacked no further than they may become large."""

import zlib
from collections.abc import Callable, Mapping
from typing import Final

import cramjam

UNPACKED: Final = 8 * 1024 * 1024  # bytes; as dense as samples are, no honest half megabyte is more
MOST_MEMBERS: Final = 100  # each costs a copy of what follows it
MOST_ENCODINGS: Final = 2
GZIP, ZLIB, BARE = 31, 15, -15  # zlib's numbers for what stands around the data


class Packing(Exception):
    """What was sent cannot be unpacked; `status` and the words are for the sender."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class TooLarge(Packing):
    def __init__(self) -> None:
        super().__init__(413, f"the body is larger than {UNPACKED // 2**20} MB when unpacked")


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before the encodings that the header `Content-Encoding` lists."""
    names = [word.strip().lower() for word in encoding.split(",")]
    if len(names) > MOST_ENCODINGS:
        raise Packing(415, "the body is packed more often than makes sense")
    for name in reversed(names):
        unpack = ENCODINGS.get(name)
        if unpack is None:
            known = ", ".join(filter(None, ENCODINGS))
            raise Packing(415, f"the content encoding is none of {known}")
        body = unpack(body)
    return body


def snappy(body: bytes) -> bytes:
    """In one block, which says at its head how large it will be."""
    try:
        if cramjam.snappy.decompress_raw_len(body) > UNPACKED:
            raise TooLarge
        return bytes(cramjam.snappy.decompress_raw(body))
    except cramjam.DecompressionError as error:
        raise Packing(400, f"not packed with {error}") from None


def _gzip(body: bytes) -> bytes:
    """Several members, one behind the other, are one body."""
    found = b""
    for _ in range(MOST_MEMBERS):
        member, body = _inflated(body, GZIP, UNPACKED - len(found))
        found += member
        if not body:
            return found
    raise Packing(400, f"the body has more than {MOST_MEMBERS} members")


def _deflate(body: bytes) -> bytes:
    """With zlib's head as the standard says, or without, as many send it."""
    try:
        return _inflated(body, ZLIB, UNPACKED)[0]
    except TooLarge:
        raise
    except Packing:
        return _inflated(body, BARE, UNPACKED)[0]


def _inflated(body: bytes, around: int, room: int) -> tuple[bytes, bytes]:
    """What one stream holds, and what stands behind it."""
    stream = zlib.decompressobj(around)
    try:
        found = stream.decompress(body, room + 1)
    except zlib.error as error:
        raise Packing(400, f"the body cannot be unpacked: {error}") from None
    if len(found) > room:
        raise TooLarge
    if not stream.eof:
        raise Packing(400, "the body cannot be unpacked: its end is missing")
    return found, stream.unused_data


ENCODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "": bytes,
    "identity": bytes,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "snappy": snappy,
}
