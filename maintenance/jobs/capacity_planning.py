"""What runs out next: the forecasts that are there, as of this week."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from maintenance.domain.periods import Frequency
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.models import Capacity, CapacityForecast, State
from maintenance.registry import jobs
from maintenance.services.foreseeing import forecast_due
from maintenance.words.capacity import money

SOON: Final = timedelta(days=30)
SILENT: Final = timedelta(days=2)
STALE: Final = timedelta(days=1)  # they are made every six hours


@jobs.register("capacity_planning")
class CapacityPlanning(Job):
    title = _("Capacity planning")
    purpose = _("Foresees when each resource is full, and what has to be ordered by when.")
    frequency = Frequency.WEEKLY
    figures = {
        "soon": Figure(_("full within 30 days")),
        "foreseen": Figure(_("resources foreseen")),
    }
    words = {
        "none": _("No metric is marked as a capacity, so nothing is foreseen."),
        "full_soon": _("%(name)s is full from %(soonest)s on."),
        "order": _("%(name)s: order %(count)d × %(piece)s by %(day)s, for %(cost)s."),
        "enough": _("%(name)s is enough for 30 days."),
        "too_little": _("%(name)s has %(days)d days of history: too little for a forecast."),
        "silent": _("%(name)s was not read since %(since)s."),
        "no_forecast": _("No forecast of %(name)s could be made: %(error)s"),
    }

    def run(self, *, at: datetime) -> Outcome:
        forecast_due(at=at, seconds=self.limit.total_seconds() / 2)
        rows = list(Capacity.objects.select_related("metric", "forecast"))
        found = list(_judged(rows, at)) or [Finding("none", level=Level.NOTE)]
        known = [row for row in rows if _state(row) == State.KNOWN]
        soon = sum(finding.code == "full_soon" for finding in found)
        figures = {"soon": soon, "foreseen": len(known)}
        return Outcome(found, figures, {"full": {str(row): _full(row.forecast) for row in known}})


def _judged(rows: list[Capacity], at: datetime) -> Iterator[Finding]:
    for row in rows:
        name = str(row)
        known: CapacityForecast | None = getattr(row, "forecast", None)
        if known is None or known.state == State.FAILED or known.at < at - STALE:
            error = known.detail if known else ""
            yield Finding("no_forecast", {"name": name, "error": error}, Level.BAD)
        elif known.state == State.TOO_LITTLE:
            facts = {"name": name, "days": known.known_days}
            yield Finding("too_little", facts, Level.NOTE)
        elif known.until is not None and known.until < at - SILENT:
            yield Finding("silent", {"name": name, "since": f"{known.until:%Y-%m-%d}"}, Level.NOTE)
        elif (soonest := _full(known).get("soonest")) and _moment(soonest) <= at + SOON:
            facts = {"name": name, "soonest": soonest[:10]}
            yield Finding("full_soon", facts, Level.NOTE)
            if known.advice:
                yield Finding("order", _order(name, known.advice), Level.NOTE)
        else:
            yield Finding("enough", {"name": name})


def _order(name: str, advice: dict[str, Any]) -> dict[str, Any]:
    price = advice["price"]
    return {
        "name": name,
        "count": advice["count"],
        "piece": in_language(price["name_ko"], price["name_en"]),
        "day": advice["order_by"][:10],
        "cost": money(advice["cost"], price["currency"]),
    }


def _state(row: Capacity) -> str:
    return row.forecast.state if hasattr(row, "forecast") else ""


def _full(known: CapacityForecast) -> dict[str, str | None]:
    found: dict[str, str | None] = known.reaches.get("today", {}).get("full", {})
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
