"""Dates as ranges, and advice with its arithmetic, as people say them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bilingual import in_language
from core.charts.units import said
from maintenance.models import CapacityForecast


@dataclass(frozen=True)
class Dates:
    """None: not as far as can be seen."""

    likely: datetime | None
    soonest: datetime | None
    latest: datetime | None

    @classmethod
    def of(cls, known: CapacityForecast | None, scenario: str, threshold: str) -> "Dates | None":
        found = known.reaches.get(scenario, {}).get(threshold) if known else None
        if found is None:
            return None
        return cls(
            *(
                datetime.fromisoformat(found[name]) if found[name] else None
                for name in ("likely", "soonest", "latest")
            )
        )


def day(moment: datetime, at: datetime) -> str:
    """With its year where that is another one."""
    local, now = timezone.localtime(moment), timezone.localtime(at)
    return date_format(local, "MONTH_DAY_FORMAT" if local.year == now.year else "DATE_FORMAT")


def in_words(dates: Dates, *, at: datetime, horizon: int) -> str:
    if dates.likely is None:
        return _hardly(dates, at=at, horizon=horizon)
    if dates.likely <= at:
        return _("reached already")
    soonest = day(max(at, dates.soonest or dates.likely), at)
    if dates.latest is None:
        return _("from %(first)s on, most likely about %(likely)s") % {
            "first": soonest,
            "likely": day(dates.likely, at),
        }
    latest = day(dates.latest, at)
    if soonest == latest:
        return _("on %(day)s") % {"day": soonest}
    return _("between %(first)s and %(last)s") % {"first": soonest, "last": latest}


def _hardly(dates: Dates, *, at: datetime, horizon: int) -> str:
    if dates.soonest is None:
        return _("not within %(days)d days") % {"days": horizon}
    return _("hardly within %(days)d days; at the earliest %(first)s") % {
        "days": horizon,
        "first": day(dates.soonest, at),
    }


def advised(advice: dict[str, Any], at: datetime) -> str:
    order = datetime.fromisoformat(advice["order_by"])
    facts = {"count": advice["count"], "piece": _piece(advice)}
    if order <= at:
        return _("Add %(count)d × %(piece)s now") % facts
    return _("Add %(count)d × %(piece)s by %(day)s") % {**facts, "day": day(order, at)}


def arithmetic(advice: dict[str, Any], full: Dates, unit: str, at: datetime) -> list[str]:
    """One line a step: how many, what they cost, by when."""
    price = advice["price"]
    expected, full_at = (said(float(advice[name]), unit) for name in ("expected", "full_at"))
    until = day(datetime.fromisoformat(advice["expected_on"]), at)
    if advice["pieces"]:
        sum_ = f"{advice['pieces']} × ({expected} ÷ {full_at} − 1)"
    else:
        sum_ = f"({expected} − {full_at}) ÷ {said(float(price['adds']), unit)}"
    facts = {"sum": sum_, "exact": advice["exact"], "count": advice["count"], "day": until}
    lines = [
        _("Expected at most (80 %%) until %(day)s: %(sum)s = %(exact)s, so %(count)d") % facts,
        f"{advice['count']} × {money(price['cost'], price['currency'])} = "
        f"{money(advice['cost'], price['currency'])}",
    ]
    if full.soonest:
        order = full.soonest - timedelta(days=price["lead_days"])
        facts = {
            "first": day(full.soonest, at),
            "days": price["lead_days"],
            "order": day(order, at),
        }
        lines.append(
            _("Full from %(first)s − %(days)d days of lead time = %(order)s, so now") % facts
            if order < at
            else _("Full from %(first)s − %(days)d days of lead time = %(order)s") % facts
        )
    return lines


def money(amount: str, currency: str) -> str:
    """No more digits than it has: 120,000 KRW, 0.5 USD."""
    number = Decimal(amount)
    whole = number == number.to_integral_value()
    return f"{number.to_integral_value() if whole else number.normalize():,f} {currency}"


def _piece(advice: dict[str, Any]) -> str:
    return in_language(advice["price"]["name_ko"], advice["price"]["name_en"])
