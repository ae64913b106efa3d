"""Samples as Prometheus hands them on: its remote-write protocol 1.0, the protobuf `WriteRequest`.

Read by hand and in one pass: five small messages of a format that is frozen, and whoever may push may
send anything. Metadata, exemplars and histograms in Prometheus' native form are passed over.
"""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from math import isfinite
from typing import Final

from monitoring.domain.resolution import EPOCH
from monitoring.domain.samples import Identity, Point

# The number of a field with its kind: (number << 3) | kind.
SERIES, LABELS, SAMPLES, HISTOGRAMS, NAME, TEXT = 0x0A, 0x0A, 0x12, 0x22, 0x0A, 0x12
VALUE, MOMENT = 0x09, 0x10
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT: Final = 70  # bits
REMEMBERED: Final = 8192  # series, with some megabytes at most
DOUBLE: Final = struct.Struct("<d")
STALE: Final = struct.pack("<Q", 0x7FF0000000000002)  # "there is no more of this": no number at all

NO_NAME: Final = "without a name"
NO_TIME: Final = "of a time that does not exist"
NO_NUMBER: Final = "not a number, as Prometheus writes what it could not compute"
ENDED: Final = "the mark that a series has ended"


@dataclass
class Written:
    points: list[Point] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)  # the sender should know
    passed_over: Counter[str] = field(default_factory=Counter)  # nothing is wrong with it


def read(body: bytes) -> Written:
    """What can be kept, and why the rest can not; `ValueError` when it is no `WriteRequest`."""
    written = Written()
    for key, series in _fields(body):
        if key == SERIES and isinstance(series, bytes):
            _series(series, written)
    return written


def _series(body: bytes, written: Written) -> None:
    labels, samples = list[bytes](), list[bytes]()
    for key, found in _fields(body):
        if key == LABELS and isinstance(found, bytes):
            labels.append(found)
        elif key == SAMPLES and isinstance(found, bytes):
            samples.append(found)
        elif key == HISTOGRAMS:
            written.passed_over["a native histogram"] += 1
    metric = _metric(tuple(labels))
    if isinstance(metric, str):
        written.refused[metric] += max(1, len(samples))
        return
    for sample in samples:
        _sample(sample, metric, written)


@lru_cache(maxsize=REMEMBERED)
def _metric(written: tuple[bytes, ...]) -> Identity | str:
    """Of labels as they came, the same each time; or why there can be no such metric."""
    labels = dict(map(_label, written))
    name = labels.pop("__name__", "")
    if not name:
        return NO_NAME
    try:
        # An empty label is one that is not there.
        return Identity(name, {label: text for label, text in labels.items() if text})
    except ValueError as fault:
        return str(fault)


def _label(body: bytes) -> tuple[str, str]:
    found = {key: text for key, text in _fields(body) if isinstance(text, bytes)}
    return found.get(NAME, b"").decode(), found.get(TEXT, b"").decode()


def _sample(body: bytes, metric: Identity, written: Written) -> None:
    # What is zero is not written.
    value, moment = bytes(8), 0
    for key, found in _fields(body):
        if key == VALUE and isinstance(found, bytes):
            value = found
        elif key == MOMENT and isinstance(found, int):
            moment = found - (1 << 64) if found >> 63 else found
    number: float = DOUBLE.unpack(value)[0]
    if not isfinite(number):
        written.passed_over[ENDED if value == STALE else NO_NUMBER] += 1
        return
    try:
        at = EPOCH + timedelta(milliseconds=moment)
    except OverflowError:
        written.refused[NO_TIME] += 1
        return
    written.points.append(Point(metric, at, number))


def _fields(body: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field with its key: a number, or the bytes of anything else."""
    at, end = 0, len(body)
    while at < end:
        key, at = _varint(body, at)
        kind, size = key & 7, 0
        if kind == VARINT:
            number, at = _varint(body, at)
            yield key, number
            continue
        if kind == BYTES:
            size, at = _varint(body, at)
        elif kind == FIXED64:
            size = 8
        elif kind == FIXED32:
            size = 4
        else:
            raise ValueError("a field of no known kind")
        if at + size > end:
            raise ValueError("a field is longer than what there is")
        yield key, body[at : at + size]
        at += size


def _varint(body: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(body) and shift < LONGEST_VARINT:
        byte = body[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number & 0xFFFFFFFFFFFFFFFF, at
    raise ValueError("a number without an end")
