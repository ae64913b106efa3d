"""A month of routine work as a calendar: what was done on each day, and what is still due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from maintenance.domain.periods import Frequency, at_local, period_at, period_of, periods_between
from maintenance.models import Routine, RoutineRun
from maintenance.screens.planned import Marked, on_days
from maintenance.screens.routine import TONES
from maintenance.services.planning import company_zone

A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    name: str
    tone: str
    word: str
    url: str


@dataclass
class Day:
    day: date
    outside: bool
    today: bool
    done: list[Item] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    planned: list[Marked] = field(default_factory=list)


def month_of(text: str, *, at: datetime) -> date:
    """2026-11; anything else is the present one."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return period_at(Frequency.MONTHLY, at, company_zone()).first
    return found if 1970 < found.year < 2999 else month_of("", at=at)


def calendar(first: date, *, at: datetime) -> dict[str, Any]:
    """Whole weeks from Monday."""
    month = period_of(Frequency.MONTHLY, first)
    begin = period_of(Frequency.WEEKLY, month.first).first
    end = period_of(Frequency.WEEKLY, month.last).last
    today = at.astimezone(company_zone()).date()
    days = {
        day: Day(day, not month.first <= day <= month.last, day == today)
        for day in (begin + place * A_DAY for place in range((end - begin).days + 1))
    }
    routines = list(Routine.objects.known())
    _put_done(days, routines, begin, end)
    _put_due(days, routines, at)
    for one in on_days(begin, end, at=at):
        days[one.day].planned.append(one)
    inside = [one for one in days.values() if not one.outside]
    return {
        "days": list(days.values()),
        "month": month,
        "nothing": not any(one.done or one.due or one.planned for one in inside),
        "month_before": str(month.before),
        "month_after": str(month.next),
    }


def _put_done(days: dict[date, Day], routines: Sequence[Routine], begin: date, end: date) -> None:
    """By when it was due, for a period; what was asked for by when it was asked."""
    zone = company_zone()
    since, until = (at_local(day, time.min, zone) for day in (begin, end + A_DAY))
    rows = RoutineRun.objects.filter(due_at__gte=since, due_at__lt=until)
    found = rows.select_related("routine").defer("evidence", "findings").order_by("due_at", "id")
    known = {routine.pk for routine in routines}
    by_job: dict[tuple[date, str], list[RoutineRun]] = defaultdict(list)
    for run in found:
        if run.routine_id in known:
            by_job[run.due_at.astimezone(zone).date(), run.routine.name].append(run)
    for (day, _name), runs in by_job.items():
        days[day].done.append(_item(runs))


def _item(runs: Sequence[RoutineRun]) -> Item:
    """The last of a day stands for all: whoever asked again wanted to know."""
    run = runs[-1]
    return Item(
        str(run.routine), TONES.get(run.status, ""), run.get_status_display(),
        run.get_absolute_url(),
    )  # fmt: skip


def _put_due(days: dict[date, Day], routines: Iterable[Routine], at: datetime) -> None:
    zone = company_zone()
    for routine in routines:
        if not routine.enabled:
            continue
        for moment in _coming(routine, at, min(days), max(days)):
            local = moment.astimezone(zone)
            if local.date() in days:
                days[local.date()].due.append(f"{local:%H:%M} {routine}")
    for one in days.values():
        one.due.sort()


def _coming(routine: Routine, at: datetime, begin: date, last: date) -> Iterator[datetime]:
    zone = company_zone()
    first = max(begin, at.astimezone(zone).date())
    for period in periods_between(routine.job.frequency, first, last):
        if (due := period.due(routine.hour, zone)) > max(at, routine.since):
            yield due
