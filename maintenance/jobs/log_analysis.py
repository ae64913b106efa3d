"""What is new among errors, and what there is more of: of the last whole day, by the kinds of errors that logs keep."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maintenance.domain.periods import Frequency
from maintenance.domain.surges import surges
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.registry import jobs
from monitoring.models import LogSource, LogTemplate, LogTemplateDay

WEEKS: Final = timedelta(days=28)
A_DAY: Final = timedelta(days=1)
SHOWN: Final = 20  # of each kind of finding
LETTERS: Final = 200

Counts = dict[int, dict[date, int]]  # by kind of error and day


@jobs.register("log_analysis")
class LogAnalysis(Job):
    title = _("Log analysis")
    purpose = _(
        "Finds kinds of errors that are new, and those that came more often than in the four weeks before."
    )
    frequency = Frequency.DAILY
    figures = {"errors": Figure(_("errors")), "new": Figure(_("new kinds of errors"))}
    words = {
        "no_logs": _("No log is followed, so no error can be seen."),
        "counted": ngettext_lazy(
            "%(count)d error on %(day)s, against %(usual)s a day in the four weeks before.",
            "%(count)d errors on %(day)s, against %(usual)s a day in the four weeks before.",
            "count",
        ),
        "new_kind": _("New in %(log)s, %(count)d times: %(text)s"),
        "more": _("In %(log)s %(count)d times, against %(usual)s a day before: %(text)s"),
        "silent": _("The log %(log)s has written nothing since %(since)s."),
    }  # fmt: skip

    def run(self, *, at: datetime) -> Outcome:
        day = (at.astimezone(UTC) - A_DAY).date()
        followed = LogSource.objects.filter(enabled=True)
        if not followed.exists():
            return Outcome([Finding("no_logs", level=Level.NOTE)])
        counts = _counts(day)
        rows = LogTemplate.objects.select_related("source").filter(source__enabled=True)
        kinds = rows.in_bulk([key for key, days in counts.items() if day in days])
        new = [row for row in kinds.values() if row.is_new and row.first_at.date() >= day]
        more = [row for row in kinds.values() if row not in new and _surged(row, counts, day)]
        total = sum(counts[key][day] for key in kinds)
        found = [_counted(counts, total, day), *_new(new, counts, day), *_more(more, counts, day)]
        figures = {"errors": total, "new": len(new)}
        evidence = {"day": day.isoformat(), "kinds": len(kinds), "surged": len(more)}
        return Outcome([*found, *_silent(at)], figures, evidence)


def _counts(day: date) -> Counts:
    found: Counts = defaultdict(dict)
    days = LogTemplateDay.objects.filter(day__gte=day - WEEKS, day__lte=day)
    for key, one, count in days.values_list("template", "day", "count"):
        found[key][one] = count
    return found


def _before(row: LogTemplate, counts: Counts, day: date) -> list[int]:
    """A count a day, from when its log began or four weeks ago."""
    begun = row.source.begun_at or row.first_at
    first = max(day - WEEKS, begun.date())
    days = (first + place * A_DAY for place in range((day - first).days))
    return [counts[row.pk].get(one, 0) for one in days]


def _surged(row: LogTemplate, counts: Counts, day: date) -> bool:
    return surges(counts[row.pk][day], _before(row, counts, day))


def _counted(counts: Counts, total: int, day: date) -> Finding:
    before = sum(count for days in counts.values() for one, count in days.items() if one < day)
    usual = f"{before / WEEKS.days:,.0f}"
    return Finding("counted", {"count": total, "day": day.isoformat(), "usual": usual})


def _new(rows: list[LogTemplate], counts: Counts, day: date) -> Iterator[Finding]:
    for row in sorted(rows, key=lambda row: -counts[row.pk][day])[:SHOWN]:
        facts = {"log": row.source.name, "count": counts[row.pk][day], "text": row.text[:LETTERS]}
        yield Finding("new_kind", facts, Level.NOTE)


def _more(rows: list[LogTemplate], counts: Counts, day: date) -> Iterator[Finding]:
    for row in sorted(rows, key=lambda row: -counts[row.pk][day])[:SHOWN]:
        before = _before(row, counts, day)
        facts = {
            "log": row.source.name,
            "count": counts[row.pk][day],
            "usual": f"{sum(before) / len(before):,.0f}",
            "text": row.text[:LETTERS],
        }
        yield Finding("more", facts, Level.NOTE)


def _silent(at: datetime) -> Iterator[Finding]:
    """What wrote once and does not any more: nobody sees an error of it either."""
    midnight = datetime.combine((at - A_DAY).date(), time.min, UTC)
    for log in LogSource.objects.filter(enabled=True, last_at__lt=midnight):
        facts = {"log": log.name, "since": f"{log.last_at:%Y-%m-%d}"}
        yield Finding("silent", facts, Level.NOTE)
