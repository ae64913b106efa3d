"""What takes long, against the week before: the portal's requests and queries, what is checked from outside, and messages."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from core.charts.units import said
from maintenance.domain.periods import Frequency
from maintenance.domain.slowness import Work, between, is_worse, slower
from maintenance.job import Figure, Finding, Job, Level, Outcome
from maintenance.models import RoutineRun
from maintenance.registry import jobs
from maintenance.services.timing import requests_of_week
from monitoring.charting import courses
from monitoring.models import Metric
from notifications.models import Lane

NAME: Final = "performance_analysis"
A_WEEK: Final = timedelta(days=7)
SHOWN: Final = 10
LETTERS: Final = 160
FELT: Final = 0.1  # seconds
FELT_MS: Final = 20.0  # of a request, which is one of many that a page asks for
METRICS: Final = 500
SECONDS: Final = r"^(http|tcp|dns)_seconds$|(request|response|latency).*_seconds(_mean|_p95|_p99)?$"
PAGE_LATE: Final = 30.0  # seconds, of one page in twenty

STATEMENTS: Final = """
SELECT queryid::text, sum(calls)::bigint, sum(total_exec_time), left(min(query), %s)
FROM pg_stat_statements
WHERE userid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query !~* 'password[[:space:]]+(e?''|[$])' -- of such statements the literals are kept
GROUP BY queryid ORDER BY sum(total_exec_time) DESC LIMIT 300
"""
WAITS: Final = """
SELECT lane, percentile_cont(0.95) WITHIN GROUP (
    ORDER BY greatest(0, extract(epoch FROM sent_at - due_at)))
FROM notifications_delivery WHERE sent_at >= %s AND sent_at < %s GROUP BY lane
"""


@jobs.register(NAME)
class PerformanceAnalysis(Job):
    title = _("Performance analysis")
    purpose = _(
        "Compares requests, queries, answers of what is checked and the wait of messages with the week before."
    )
    frequency = Frequency.WEEKLY
    figures = {
        "request_ms": Figure(_("a request"), "milliseconds"),
        "query_ms": Figure(_("a query"), "milliseconds"),
        "page_wait": Figure(_("wait of 95 % of pages"), "seconds"),
    }
    words = {
        "no_requests": _("No request was counted in seven days."),
        "requests": _("%(count)s requests in seven days took %(mean)s on average."),
        "slowest_route": _("%(route)s took %(mean)s each (%(count)s ×), at most %(slowest)s."),
        "slower_route": _("%(route)s took %(mean)s each (%(count)s ×), at most %(slowest)s; last week %(before)s each."),
        "no_statements": _("Queries are not counted: the database lacks pg_stat_statements."),
        "queries": _("%(count)s queries took %(mean)s on average."),
        "slowest": _("Took %(time)s in all, %(mean)s each: %(query)s"),
        "slower_query": _("Took %(mean)s, last week %(before)s: %(query)s"),
        "endpoints": ngettext_lazy(
            "%(count)d thing that is checked answered as fast as last week.",
            "%(count)d things that are checked answered as fast as last week.",
            "count",
        ),
        "new_endpoints": ngettext_lazy(
            "%(count)d thing that is checked was not measured last week.",
            "%(count)d things that are checked were not measured last week.",
            "count",
        ),
        "slower_endpoint": _("%(metric)s took %(mean)s, last week %(before)s."),
        "wait": _("95 %% of %(lane)s were sent within %(wait)s, last week %(before)s."),
        "pages_late": _("One page in twenty was sent more than %(wait)s late."),
    }  # fmt: skip
    spoken = {
        "lane": {
            "page": pgettext_lazy("lane of messages", "pages"),
            "notice": pgettext_lazy("lane of messages", "notices"),
            "bulk": pgettext_lazy("lane of messages", "messages to many"),
        }
    }

    def run(self, *, at: datetime) -> Outcome:
        requests, request = _requests(at)
        statements, figures, evidence = _statements(_last_evidence())
        endpoints = list(_endpoints(at))
        waits, page = _waits(at)
        figures |= {"request_ms": request} if request is not None else {}
        figures |= {"page_wait": page} if page is not None else {}
        return Outcome([*requests, *statements, *endpoints, *waits], figures, evidence)


def _requests(at: datetime) -> tuple[list[Finding], float | None]:
    this, slowest = requests_of_week(at)
    last, _slowest = requests_of_week(at - A_WEEK)
    if not this:
        return [Finding("no_requests", level=Level.NOTE)], None
    count, ms = sum(one.calls for one in this.values()), sum(one.ms for one in this.values())
    worse = slower(last, this, least=FELT_MS)[:SHOWN]
    longest = sorted(this, key=lambda key: -this[key].ms)[: SHOWN // 2]

    def facts(route: str) -> dict[str, str]:
        return {
            "route": route,
            "mean": _ms(this[route].mean),
            "before": _ms(last[route].mean) if route in last else "",
            "count": f"{this[route].calls:,}",
            "slowest": said(slowest[route], "seconds"),
        }

    return [
        Finding("requests", {"count": f"{count:,}", "mean": _ms(ms / count)}),
        *(Finding("slower_route", facts(route), Level.NOTE) for route in worse),
        *(Finding("slowest_route", facts(route)) for route in longest),
    ], ms / count


def _last_evidence() -> dict[str, Any]:
    """Of its last period: who asked for a run an hour ago does not make that hour a week."""
    runs = (
        RoutineRun.objects.over()
        .filter(routine__name=NAME, first__isnull=False)
        .exclude(evidence={})
    )
    return runs.values_list("evidence", flat=True).first() or {}


def _statements(last: dict[str, Any]) -> tuple[list[Finding], dict[str, float], dict[str, Any]]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATEMENTS, [LETTERS])
            rows = cursor.fetchall()
    except DatabaseError:
        return [Finding("no_statements", level=Level.NOTE)], {}, {}
    texts = {key: " ".join(text.split()) for key, _calls, _ms, text in rows}
    counters = {key: Work(int(calls), float(ms)) for key, calls, ms, _text in rows}
    week = between(_works(last.get("counters")), counters)
    found = [*_judged(_works(last.get("week")), week, texts)]
    evidence = {"texts": texts, "counters": _kept(counters), "week": _kept(week)}
    all_ = Work(sum(one.calls for one in week.values()), sum(one.ms for one in week.values()))
    return found, {"query_ms": all_.mean}, evidence


def _judged(
    last: dict[str, Work], week: dict[str, Work], texts: dict[str, str]
) -> Iterator[Finding]:
    count, total = sum(one.calls for one in week.values()), sum(one.ms for one in week.values())
    yield Finding("queries", {"count": f"{count:,}", "mean": _ms(total / count if count else 0)})
    for key in slower(last, week)[:SHOWN]:
        facts = {"mean": _ms(week[key].mean), "before": _ms(last[key].mean), "query": texts[key]}
        yield Finding("slower_query", facts, Level.NOTE)
    for key, work in sorted(week.items(), key=lambda pair: -pair[1].ms)[: SHOWN // 2]:
        facts = {"time": _ms(work.ms), "mean": _ms(work.mean), "query": texts[key]}
        yield Finding("slowest", facts)


def _works(kept: dict[str, list[float]] | None) -> dict[str, Work]:
    return {key: Work(int(calls), ms) for key, (calls, ms) in (kept or {}).items()}


def _kept(works: dict[str, Work]) -> dict[str, list[float]]:
    return {key: [work.calls, round(work.ms, 3)] for key, work in works.items()}


def _ms(value: float) -> str:
    return said(value, "milliseconds")


def _endpoints(at: datetime) -> Iterator[Finding]:
    metrics = Metric.objects.filter(name__regex=SECONDS).heard_since(at - A_WEEK)
    rows = {row.pk: row for row in metrics[:METRICS]}
    if not rows:
        return
    this, last = (_means(rows, at - weeks * A_WEEK) for weeks in (0, 1))
    worse = [key for key in rows if is_worse(last.get(key), this.get(key), least=FELT)]
    for key in sorted(worse, key=lambda key: last[key] - this[key])[:SHOWN]:
        facts = {
            "metric": str(rows[key]),
            "mean": said(this[key], "seconds"),
            "before": said(last[key], "seconds"),
        }
        yield Finding("slower_endpoint", facts, Level.NOTE)
    known = this.keys() & last.keys()
    if well := len(known) - len(worse):
        yield Finding("endpoints", {"count": well})
    if new := len(this.keys() - known):
        yield Finding("new_endpoints", {"count": new})


def _means(metrics: Iterable[int], until: datetime) -> dict[int, float]:
    """Of what was measured in the week before."""
    found = {}
    for key, course in courses(list(metrics), until - A_WEEK, until, points=24 * 7).items():
        count = sum(one.count for one in course.bins)
        if count:
            found[key] = sum(one.mean * one.count for one in course.bins) / count
    return found


def _waits(at: datetime) -> tuple[list[Finding], float | None]:
    this, last = (_late(at - weeks * A_WEEK) for weeks in (0, 1))
    found = [
        Finding("wait", {"lane": Lane(lane).name.lower(), "wait": said(wait, "seconds"),
                         "before": said(last.get(lane), "seconds")},
                Level.NOTE if is_worse(last.get(lane), wait, least=1.0) else Level.FINE)
        for lane, wait in sorted(this.items())
    ]  # fmt: skip
    page = this.get(Lane.PAGE)
    if page is not None and page > PAGE_LATE:
        found.append(Finding("pages_late", {"wait": said(page, "seconds")}, Level.BAD))
    return found, page


def _late(until: datetime) -> dict[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [until - A_WEEK, until])
        return {lane: float(wait) for lane, wait in cursor.fetchall()}
