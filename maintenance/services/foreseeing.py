"""Forecasts of capacities, made by a tick and kept: no page computes one."""

import logging
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from time import monotonic
from typing import Any, Final

import numpy as np
from django.db import transaction

from maintenance.domain import exhaustion, hourly
from maintenance.domain.advice import Piece, advise
from maintenance.domain.exhaustion import Outlook
from maintenance.domain.series import Floats, grid, peaks
from maintenance.models import Capacity, CapacityForecast, Price, State
from monitoring.charting import courses

log = logging.getLogger(__name__)

HISTORY: Final = timedelta(days=180)
HOURLY: Final = timedelta(days=28)
AHEAD_HOURS: Final = 72
SHOWN: Final = 180  # days ahead that are kept to be drawn
COVERED: Final = 90  # days that what is bought has to last
A_ROUND: Final = 40
SECONDS: Final = 15.0  # a round: others wait for the worker
USERS: Final = 1.2


def forecast_due(*, at: datetime, seconds: float = SECONDS) -> int:
    """As many as fit into a round; what fails keeps the others from nothing and says why."""
    began, done = monotonic(), 0
    for capacity in Capacity.objects.due(at=at).select_related("metric", "price")[:A_ROUND]:
        if monotonic() - began > seconds:
            break
        try:
            with transaction.atomic():
                foresee(capacity, at=at)
        except Exception as failed:
            log.exception("No forecast of capacity %s", capacity.pk)
            _keep(capacity, at, {"state": State.FAILED, "detail": str(failed)[:500]})
        done += 1
    return done


def foresee(capacity: Capacity, *, at: datetime) -> CapacityForecast:
    moments, values = history(capacity.metric_id, at)
    found = exhaustion.outlook(moments, values)
    if found is None:
        known = len(peaks(grid(moments, values)).values)
        return _keep(capacity, at, {"state": State.TOO_LITTLE, "known_days": known})
    until = moments[-1]
    reaches = _reaches(capacity, found, until)
    return _keep(
        capacity,
        at,
        {
            "state": State.KNOWN,
            "until": until,
            "known_days": found.known,
            "horizon_days": found.horizon,
            "now": found.now,
            "pace": found.pace,
            "changed_days": found.changed,
            "reaches": reaches,
            "course": _course(found, peaks(grid(moments, values)).values),
            "hours": _hours(moments, values),
            "advice": _advice(capacity, found, reaches, until, at),
        },
    )


def _keep(capacity: Capacity, at: datetime, values: dict[str, Any]) -> CapacityForecast:
    """Of a forecast that failed the last good one would be out of date: nothing of it stays."""
    row = CapacityForecast(capacity=capacity, at=at, **values)
    row.save()
    return row


def history(metric: int, at: datetime) -> tuple[list[datetime], Floats]:
    """Means of hours, as far back as a trend may reach."""
    points = HISTORY // timedelta(hours=1) + 48
    bins = courses([metric], at - HISTORY, at, points=points, at=at)[metric].bins
    return [one.at for one in bins], np.array([one.mean for one in bins])


def _reaches(capacity: Capacity, found: Outlook, until: datetime) -> dict[str, Any]:
    scenarios = {"today": found, "users": found.times(USERS)}
    if capacity.site_lost_percent:
        scenarios["site"] = found.times(1 + capacity.site_lost_percent / 100)
    thresholds = {"warning": capacity.warning_at, "full": capacity.full_at}
    return {
        scenario: {
            name: _dates(outlook, value, until)
            for name, value in thresholds.items()
            if value is not None
        }
        for scenario, outlook in scenarios.items()
    }


def _dates(found: Outlook, threshold: float, until: datetime) -> dict[str, str | None]:
    reach = found.until(threshold)
    days = {"likely": reach.days, "soonest": reach.soonest, "latest": reach.latest}
    return {name: None if n is None else _day(until, n) for name, n in days.items()}


def _day(until: datetime, days: float) -> str:
    return (until + timedelta(days=days)).isoformat()


def _course(found: Outlook, past: Floats) -> dict[str, list[float]]:
    middle, low_80, high_80 = found.band(0.8)
    _middle, low_95, high_95 = found.band(0.95)
    ahead = {
        "middle": middle, "low_80": low_80, "high_80": high_80, "low_95": low_95, "high_95": high_95,
    }  # fmt: skip
    return {"past": _short(past[-SHOWN:])} | {
        name: _short(values[:SHOWN]) for name, values in ahead.items()
    }


def _hours(moments: list[datetime], values: Floats) -> dict[str, list[float]]:
    since = moments[-1] - HOURLY
    first = next(place for place, moment in enumerate(moments) if moment >= since)
    found = hourly.forecast(moments[first:], values[first:], AHEAD_HOURS)
    if found is None:
        return {}
    return {name: _short(getattr(found, name)) for name in hourly.Forecast.__dataclass_fields__}


def _short(values: Floats) -> list[float]:
    """Six digits: a picture shows no more."""
    return [float(f"{value:.6g}") for value in values]


def _advice(
    capacity: Capacity, found: Outlook, reaches: dict[str, Any], until: datetime, at: datetime
) -> dict[str, Any]:
    """With all that it was reckoned from, so that anybody can reckon it again."""
    full = reaches["today"]["full"]
    if not capacity.price or full["likely"] is None or full["soonest"] is None:
        return {}
    soonest = datetime.fromisoformat(full["soonest"])
    likely = (datetime.fromisoformat(full["likely"]) - until).days
    days = min(found.horizon, likely + COVERED)
    expected = Decimal(f"{float(found.band(0.8)[2][:days].max()):.6g}")
    price = capacity.price
    piece = Piece(price.adds, price.cost, timedelta(days=price.lead_days))
    full_at = Decimal(str(capacity.full_at))
    advice = advise(
        full_at=full_at, expected=expected, soonest=soonest, piece=piece,
        there_are=capacity.pieces if not price.adds else None, now=at,
    )  # fmt: skip
    if advice is None:
        return {}
    return {
        "count": advice.count,
        "exact": str(advice.exact.quantize(Decimal("0.01"), ROUND_CEILING)),
        "cost": str(advice.cost),
        "order_by": advice.order_by.isoformat(),
        "expected": str(expected),
        "expected_on": _day(until, days),
        "full_at": str(full_at),
        "pieces": capacity.pieces if not price.adds else None,
        "price": _as_it_is(price),
    }


def _as_it_is(price: Price) -> dict[str, Any]:
    """At this moment: the advice stays as it was reckoned when somebody changes the price."""
    return {
        "name_ko": price.name_ko, "name_en": price.name_en, "adds": str(price.adds),
        "cost": str(price.cost), "currency": price.currency, "lead_days": price.lead_days,
    }  # fmt: skip
