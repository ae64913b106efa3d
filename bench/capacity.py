"""The product's forecasts as outside scorers call them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maintenance.domain import exhaustion
from maintenance.domain.hourly import forecast
from maintenance.domain.series import Floats


def forecast_hourly(
    moments: Sequence[datetime], values: Floats, hours: int
) -> tuple[Floats, Floats, Floats]:
    """The mean, and the lower and upper edge of the band that holds 80 %."""
    found = forecast(moments, values, hours)
    if found is None:
        raise ValueError("less than five days of hours are known")
    return found.middle, found.low_80, found.high_80


def days_until(
    moments: Sequence[datetime], values: Floats, threshold: float
) -> tuple[float | None, float | None, float | None]:
    """Days, and the range that holds them in 80 %; None: not within a year."""
    found = exhaustion.outlook(moments, values)
    if found is None:
        return None, None, None
    reach = found.until(threshold)
    soonest = float(found.horizon) if reach.soonest is None else reach.soonest
    return reach.days, soonest, reach.latest
