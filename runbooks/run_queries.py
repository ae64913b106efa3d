"""Runbooks and their runs, as pages and the API need them: never the whole outputs of steps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import Left, Length, RowNumber

from incidents.models import Incident
from runbooks.domain.runs import STUCK, RunState, State
from runbooks.domain.usual import LAST, usual
from runbooks.models import Run, Runbook, RunStep, Steering
from runbooks.models.runs import RunQuerySet

OFTEN: Final = timedelta(days=30)
SHOWN: Final = 1_200  # characters of an output; the whole has a page of its own
PASSED: Final = (State.DONE, State.SKIPPED)
MATTERS: Final = (State.RUNNING, State.WAITING, *STUCK)


def books(words: str = "") -> QuerySet[Runbook]:
    """Those whose text has every word."""
    rows = Runbook.objects.filter(current__isnull=False).select_related("current")
    for word in words.split()[:8]:
        text = Q(key__icontains=word) | Q(current__source__icontains=word)
        rows = rows.filter(
            text | Q(current__title_ko__icontains=word) | Q(current__title_en__icontains=word)
        )
    return rows


def runs() -> RunQuerySet:
    """The newest first, with all that a row says of one."""
    rows = Run.objects.select_related("version__runbook", "incident", "started_by", "driver")
    waiting = RunStep.objects.filter(run=OuterRef("pk"), state=State.WAITING)
    rows = rows.annotate(waits=Exists(waiting))
    return rows.defer("version__source").order_by("-pk")


def with_progress(rows: RunQuerySet) -> RunQuerySet:
    work = Q(steps__holds=False)
    return rows.annotate(
        count=Count("steps", filter=work),
        passed=Count("steps", filter=work & Q(steps__state__in=PASSED)),
    )


def last_runs(books: Iterable[Runbook], *, each: int = LAST) -> dict[int, list[Run]]:
    """Of each runbook, the newest first."""
    order = Window(RowNumber(), partition_by=F("version__runbook"), order_by=F("pk").desc())
    rows = runs().filter(version__runbook__in=list(books), undoes=None).annotate(place=order)
    found: dict[int, list[Run]] = defaultdict(list)
    for run in rows.filter(place__lte=each):
        found[run.version.runbook_id].append(run)
    return found


def how_often(books: Iterable[Runbook], *, at: datetime) -> dict[int, int]:
    rows = Run.objects.filter(version__runbook__in=list(books), started_at__gt=at - OFTEN)
    counted = rows.order_by().values_list("version__runbook").annotate(times=Count("pk"))
    return dict(counted.values_list("version__runbook", "times"))


def usual_of(runs: Iterable[Run]) -> timedelta | None:
    return usual(
        run.ended_at - run.started_at for run in runs if run.ended_at and run.state == RunState.DONE
    )


def usual_steps(books: Iterable[int]) -> dict[int, dict[str, timedelta]]:
    """Of each runbook by the names of its steps, over the last runs that were done: two queries."""
    order = Window(RowNumber(), partition_by=F("version__runbook"), order_by=F("pk").desc())
    done = Run.objects.filter(version__runbook__in=list(books), state=RunState.DONE, undoes=None)
    last = done.annotate(place=order).filter(place__lte=LAST).order_by()
    book_of = dict(last.values_list("pk", "version__runbook"))
    rows = RunStep.objects.filter(run__in=list(book_of), state=State.DONE, ended_at__isnull=False)
    found: dict[int, dict[str, list[timedelta]]] = defaultdict(lambda: defaultdict(list))
    for run, name, began, ended in rows.exclude(began_at=None).values_list(
        "run", "name", "began_at", "ended_at"
    ):
        if began and ended:
            found[book_of[run]][name].append(ended - began)
    return {
        book: {name: length for name, one in steps.items() if (length := usual(one)) is not None}
        for book, steps in found.items()
    }


def steps_of(run: Run) -> list[RunStep]:
    """In their order, each with the beginning of its output and its length."""
    rows = run.steps.defer("output", "rows", "findings", "remembered")
    rows = rows.annotate(head=Left("output", SHOWN), size=Length("output"))
    return list(rows.select_related("action", "decided_by").order_by("position"))


def steered(run: Run) -> list[Steering]:
    """What people did with it, in their order."""
    rows = run.steered.select_related("by", "step")
    step = ("step__path", "step__title_ko", "step__title_en")
    person = ("by__username", "by__display_name")
    return list(rows.only("run", "what", "at", "reason", *person, *step))


def of_incident(incident: Incident, *, most: int) -> list[Run]:
    """Its runs, each with what came out and what it is at: two queries."""
    begun = Q(state=State.PENDING, began_at__isnull=False)  # it looks again and again, or waits
    telling = RunStep.objects.filter(Q(Q(state__in=MATTERS) | begun, holds=False) | ~Q(said=[]))
    telling = telling.defer("output", "rows", "findings", "remembered", "scope")
    rows = with_progress(runs().filter(incident=incident))
    steps = Prefetch("steps", telling.select_related("action").order_by("position"), "telling")
    return list(rows.prefetch_related(steps)[:most])


def last_change(runs: Sequence[Run]) -> str:
    """Of what a list of runs shows."""
    newest = max((run.pk for run in runs), default=0)
    return f"{newest}-{sum(run.revision for run in runs)}-{len(runs)}"
