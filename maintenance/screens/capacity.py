"""The capacity page: what was foreseen in words, and a chart of each resource."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts.lines import chart
from core.charts.shapes import About, Bar, Chart, Mark, Point
from core.charts.units import MINUS, said
from maintenance.domain.exhaustion import LEAST
from maintenance.models import Capacity, CapacityForecast, State
from maintenance.words.capacity import Dates, advised, arithmetic, day, in_words, money

SMALL: Final = 64.0
LEAST_AHEAD, MOST_AHEAD = 30, 180  # days
BEYOND: Final = 1.5  # times what is full: higher a chart does not go for a wide band
MONTH: Final = 30
SILENT: Final = timedelta(days=2)  # without a reading, a forecast tells of another time
SCENARIOS: Final[dict[str, Promise]] = {
    "today": gettext_lazy("Load as it grows now"),
    "users": gettext_lazy("20 % more users"),
    "site": gettext_lazy("One site lost"),
}


@dataclass(frozen=True)
class Row:
    capacity: Capacity
    forecast: CapacityForecast | None
    word: str  # what its state comes to, in one sentence
    tone: str
    full: Dates | None
    warning: Dates | None
    now: str
    full_at: str
    percent: int | None
    growth: str
    advised: str
    arithmetic: list[str]
    cost: str  # of a piece
    chart: Chart | None


@dataclass(frozen=True)
class Scenario:
    name: Promise
    warning: str
    full: str


def overview(*, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    rows = [row_of(one, at=at, zone=zone, height=SMALL) for one in _capacities()]
    rows.sort(key=_urgency)
    return {"rows": rows, "costs": total_cost(rows)}


def detail(
    capacity: Capacity, *, at: datetime, zone: ZoneInfo, height: float = 260.0
) -> dict[str, Any]:
    row = row_of(capacity, at=at, zone=zone, height=height)
    return {
        "row": row,
        "scenarios": _scenarios(row.forecast, at) if row.forecast and row.chart else [],
        "numbers": _numbers(row) if row.chart else [],
        "hours": _hours(row, zone) if row.chart else [],
    }


def _capacities() -> Iterable[Capacity]:
    return Capacity.objects.select_related("metric__service", "price", "forecast")


def row_of(capacity: Capacity, *, at: datetime, zone: ZoneInfo, height: float) -> Row:
    forecast = getattr(capacity, "forecast", None)
    known = forecast if forecast and forecast.state == State.KNOWN else None
    if known and known.until and known.until < at - SILENT:
        known = None
    unit = capacity.metric.shown_in
    full, warning = (Dates.of(known, "today", name) for name in ("full", "warning"))
    advice = known.advice if known else {}
    return Row(
        capacity=capacity,
        forecast=forecast,
        word=_word(forecast, full, at),
        tone=_tone(full, warning, at),
        full=full,
        warning=warning,
        now=said(known.now, unit) if known else "",
        full_at=said(capacity.full_at, unit),
        percent=_percent(known, capacity),
        growth=_growth(known, unit),
        advised=advised(advice, at) if advice else "",
        arithmetic=arithmetic(advice, full, unit, at) if advice and full else [],
        cost=money(str(capacity.price.cost), capacity.price.currency) if capacity.price else "",
        chart=_chart(capacity, known, full, zone, height) if known else None,
    )


def _percent(known: CapacityForecast | None, capacity: Capacity) -> int | None:
    if known is None or known.now is None:
        return None
    return round(100 * known.now / capacity.full_at)


def _growth(known: CapacityForecast | None, unit: str) -> str:
    if known is None or known.pace is None:
        return ""
    month = known.pace * MONTH
    sign = MINUS if month < 0 else "+"
    return _("%(amount)s in 30 days") % {"amount": f"{sign}{said(abs(month), unit)}"}


def _word(forecast: CapacityForecast | None, full: Dates | None, at: datetime) -> str:
    if forecast is None:
        return _("The first forecast comes within minutes.")
    if forecast.state == State.FAILED:
        return _("The last forecast failed: %(why)s") % {"why": forecast.detail}
    if forecast.state == State.KNOWN and full is None:
        return _("Nothing was read since %(day)s, so nothing is foreseen.") % {
            "day": day(forecast.until or at, at)
        }
    if full is None:
        return _(
            "Too little is known yet: %(days)d days without large gaps, and %(least)d are needed."
        ) % {"days": forecast.known_days, "least": LEAST}
    return in_words(full, at=at, horizon=forecast.horizon_days)


def _tone(full: Dates | None, warning: Dates | None, at: datetime) -> str:
    """By the early end of the range: who is late has an incident."""
    if full and full.soonest and full.soonest <= at + timedelta(days=14):
        return "p1"
    if full and full.likely and full.soonest and full.soonest <= at + timedelta(days=60):
        return "p2"
    if warning and warning.likely and warning.likely <= at:
        return "p2"
    return ""


def _urgency(row: Row) -> tuple[bool, float, str]:
    first = row.full.likely or row.full.soonest if row.full else None
    return first is None, first.timestamp() if first else 0.0, str(row.capacity)


def _scenarios(forecast: CapacityForecast, at: datetime) -> list[Scenario]:
    found = []
    for name, title in SCENARIOS.items():
        full, warning = (Dates.of(forecast, name, what) for what in ("full", "warning"))
        if full:
            horizon = forecast.horizon_days
            early = in_words(warning, at=at, horizon=horizon) if warning else ""
            found.append(Scenario(title, early, in_words(full, at=at, horizon=horizon)))
    return found


def _chart(
    capacity: Capacity, known: CapacityForecast, full: Dates | None, zone: ZoneInfo, height: float
) -> Chart:
    past, ahead, wide = _points(capacity, known, full)
    bars = [Bar(capacity.full_at, _("full"), "p1")]
    # A small chart has no room for two names.
    if capacity.warning_at is not None and height > SMALL:
        bars.append(Bar(capacity.warning_at, _("warning"), "p2"))
    marks = [Mark(past[-1].at, _("today"))]
    return chart(
        [*past, *ahead], past[0].at, ahead[-1].at, gap=timedelta(days=3), zone=zone,
        unit=capacity.metric.shown_in, height=height,
        about=About(bars=bars, marks=marks, usual=wide),
    )  # fmt: skip


def _points(
    capacity: Capacity, known: CapacityForecast, full: Dates | None
) -> tuple[list[Point], list[Point], list[Point]]:
    """What was, what comes with the band of 80 %, and the band of 95 %."""
    course, until = known.course, known.until
    assert until is not None  # noqa: S101 - a known forecast has one
    most = BEYOND * max(capacity.full_at, *course["past"])
    days = _days_ahead(full, until)

    def points(low: str, high: str) -> list[Point]:
        edges = zip(course[low], course["middle"], course[high], strict=True)
        return [
            Point(until + timedelta(days=day), *(min(value, most) for value in values))
            for day, values in enumerate(edges, 1)
        ][:days]

    count = len(course["past"])
    past = [
        Point(until - timedelta(days=count - 1 - day), value, value, value)
        for day, value in enumerate(course["past"])
    ]
    return past, points("low_80", "high_80"), points("low_95", "high_95")


def _days_ahead(full: Dates | None, until: datetime) -> int:
    if full is None or full.likely is None:
        return 3 * LEAST_AHEAD
    return min(MOST_AHEAD, max(LEAST_AHEAD, int(1.4 * (full.likely - until).days)))


@dataclass(frozen=True)
class Number:
    at: datetime
    middle: str
    band_80: str
    band_95: str


def _numbers(row: Row) -> list[Number]:
    """Week by week, for who cannot see the chart."""
    known, unit = row.forecast, row.capacity.metric.shown_in
    assert known is not None and known.until is not None  # noqa: S101, PT018 - it has a chart
    days = range(6, len(known.course["middle"]), 7)
    return [
        _number(known.course, day, known.until + timedelta(days=day + 1), unit)
        for day in list(days)[:13]
    ]


def _hours(row: Row, zone: ZoneInfo) -> list[Number]:
    """Every sixth of the next 72."""
    known, unit = row.forecast, row.capacity.metric.shown_in
    if known is None or not known.hours or known.until is None:
        return []
    return [
        _number(known.hours, hour, known.until + timedelta(hours=hour + 1), unit)
        for hour in range(5, len(known.hours["middle"]), 6)
    ]


def _number(course: dict[str, list[float]], place: int, at: datetime, unit: str) -> Number:
    def band(share: int) -> str:
        low, high = (said(course[f"{edge}_{share}"][place], unit) for edge in ("low", "high"))
        return f"{low} – {high}"

    return Number(at, said(course["middle"][place], unit), band(80), band(95))


def total_cost(rows: Iterable[Row]) -> list[str]:
    """What all that is advised costs, a currency each."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        advice = row.forecast.advice if row.forecast and row.advised else {}
        if advice:
            currency = advice["price"]["currency"]
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(advice["cost"])
    return [money(str(amount), currency) for currency, amount in sorted(sums.items())]
