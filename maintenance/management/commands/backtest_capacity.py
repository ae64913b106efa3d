from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import clock
from maintenance.domain import backtest
from maintenance.models import Capacity
from maintenance.services.foreseeing import history
from monitoring.models import Metric

ROW = "{:<44.44} {:>9} {:>9} {:>5} {:>5}   {:>9} {:>7} {:>5} {:>5}"
HEAD = ("metric", "forecasts", "relative", "80 %", "95 %", "dates", "factor", "late", "80 %")


class Command(BaseCommand):
    help = (
        "How good the forecasts would have been on one's own metrics: the error of the next 72 hours"
        " against the same hour of the day before, the share that each band held; and the factor by"
        " which dates were off, the share that came more than twice as soon, and the range's share."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "metrics", nargs="*", type=int, help="numbers of metrics; else all capacities"
        )

    def handle(self, *args: Any, metrics: list[int], **options: Any) -> None:
        wanted = metrics or list(Capacity.objects.values_list("metric", flat=True))
        found = Metric.objects.filter(pk__in=wanted).order_by("pk")
        if not found:
            self.stdout.write("No metric is marked as a capacity, and none was named.")
            return
        self.stdout.write(ROW.format(*HEAD))
        for metric in found:
            moments, values = history(metric.pk, clock.now())
            hours = backtest.hours(moments, values)
            days = backtest.days(moments, values) if len(values) else None
            self.stdout.write(ROW.format(str(metric), *_hours(hours), *_days(days)))


def _hours(found: backtest.Hours | None) -> tuple[str, ...]:
    if found is None:
        return ("0", "–", "–", "–")
    return (
        str(found.forecasts), f"{found.relative:.2f}", f"{found.held_80:.0%}", f"{found.held_95:.0%}"
    )  # fmt: skip


def _days(found: backtest.Days | None) -> tuple[str, ...]:
    if found is None:
        return ("0", "–", "–", "–")
    return (str(found.cases), f"{found.factor:.2f}", f"{found.late:.0%}", f"{found.held_80:.0%}")
