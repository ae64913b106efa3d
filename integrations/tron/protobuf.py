"""As much of protobuf's encoding as a TRON transaction needs; zero and empty are never written."""

from typing import Final

VARINT: Final = 0
BYTES: Final = 2
INT64_MAX: Final = 2**63 - 1


def integer(number: int, value: int) -> bytes:
    if not 0 <= value <= INT64_MAX:
        raise ValueError(f"{value} does not fit")
    return _tag(number, VARINT) + _varint(value) if value else b""


def octets(number: int, value: bytes) -> bytes:
    return _tag(number, BYTES) + _varint(len(value)) + value if value else b""


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
