"""What was judged, in order, as bytes: exactly what a successor has to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from typing import Final, NamedTuple

import numpy as np

LINE: Final = np.dtype([("metric", "<i8"), ("at", "<i8"), ("value", "<f8")])
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Judged(NamedTuple):
    metric: int
    at: datetime
    value: float | None  # none: it was missing


def packed(readings: Sequence[Judged]) -> bytes:
    lines = [
        (one.metric, (one.at - EPOCH) // MICROSECOND, nan if one.value is None else one.value)
        for one in readings
    ]
    return np.array(lines, LINE).tobytes()


def unpacked(written: bytes) -> Iterable[Judged]:
    for metric, micros, value in np.frombuffer(written, LINE).tolist():
        at = EPOCH + timedelta(microseconds=micros)
        yield Judged(metric, at, None if isnan(value) else value)
