"""How long a certificate is valid, out of its DER (RFC 5280), without a library for all the rest."""

from datetime import UTC, datetime
from typing import Final

SEQUENCE: Final = 0x30
VERSION: Final = 0xA0  # left out by those of the first version
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18


def ends_at(der: bytes) -> datetime:
    """Raises ValueError."""
    _tag, certificate, _rest = _element(der)
    _tag, fields, _rest = _element(certificate)
    tag, _first, after = _element(fields)
    if tag == VERSION:
        _tag, _serial, after = _element(after)
    for _passed in ("algorithm", "issuer"):
        _tag, _content, after = _element(after)
    tag, validity, _rest = _element(after)
    if tag != SEQUENCE:
        raise ValueError("this is no certificate")
    _tag, _from, after = _element(validity)
    tag, until, _rest = _element(after)
    return _moment(tag, until.decode("ascii"))


def _moment(tag: int, said: str) -> datetime:
    if tag not in (UTC_TIME, GENERALIZED_TIME):
        raise ValueError("this is no moment")
    if (
        tag == UTC_TIME
    ):  # two digits of a year between 1950 and 2049, which strptime reads otherwise
        said = ("19" if said >= "50" else "20") + said
    return datetime.strptime(said, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """The tag and content of the first, and what follows it."""
    if len(data) < 2:
        raise ValueError("it ends too soon")
    tag, size, start = data[0], data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if len(data) < start + size:
        raise ValueError("it ends too soon")
    return tag, data[start : start + size], data[start + size :]
