"""What the forecasts of a thousand capacities cost: 90 days of hours each, the date and the next 72 hours."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from bench.table import Row
from maintenance.domain import exhaustion, hourly
from maintenance.domain.series import Floats

SERIES = int(os.environ.get("BONGSU_BENCH_CAPACITIES", "1000"))
DAYS: Final = 90
START: Final = datetime(2026, 3, 2, tzinfo=UTC)


def measure() -> Iterable[Row]:
    moments = [START + timedelta(hours=hour) for hour in range(DAYS * 24)]
    chance, dates, hours = np.random.default_rng(1), 0.0, 0.0
    for number in range(SERIES):
        values = _course(number, chance)
        began = time.process_time()
        found = exhaustion.outlook(moments, values)
        if found is not None:
            found.until(90.0)
        between = time.process_time()
        hourly.forecast(moments, values, 72)
        dates, hours = dates + between - began, hours + time.process_time() - between
    yield Row(
        f"{SERIES:,} capacities of {DAYS} days forecast, processor",
        f"{dates + hours:.1f} s",
        f"{dates / SERIES * 1e3:.1f} ms a date, {hours / SERIES * 1e3:.1f} ms the hours",
        aim="≤ 20 ms each",
    )


def _course(number: int, chance: np.random.Generator) -> Floats:
    """Growth, a bend, a jump, or none; each with a course of the day and noise."""
    hour = np.arange(DAYS * 24)
    values = 40 + 5 * np.sin(2 * np.pi * hour / 24) + chance.normal(0, 1, len(hour))
    later = np.maximum(0, hour / 24 - 60)
    shapes = (0.2 * hour / 24, 0.05 * hour / 24 + 0.4 * later, 15 * (hour > 1500), 0 * hour)
    return np.asarray(values + shapes[number % len(shapes)], dtype=np.float64)
