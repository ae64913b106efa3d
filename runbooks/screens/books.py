"""Runbooks as a list, and one of them: what it is for, how often and how long it runs, and what it did last."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.bilingual import in_language
from runbooks import run_queries
from runbooks.domain.documents import Document, Step
from runbooks.domain.runs import RunState
from runbooks.inventory import each_asked_once
from runbooks.models import Run, Runbook, RunStateName, StepStateName, Version
from runbooks.reading import reads_only
from runbooks.step import steps
from teams.domain.roles import Action as May
from teams.models import User

RESULTS: Final = 5
RUN_TONES: Final = {
    "running": "p3", "paused": "p2", "stopped": "p1", "done": "good", "aborted": "none",
}  # fmt: skip


@dataclass(frozen=True)
class RunRow:
    run: Run
    title: str
    word: str
    tone: str
    took: timedelta | None


@dataclass(frozen=True)
class BookRow:
    book: Runbook
    title: str
    summary: str
    reads_only: bool
    last: list[RunRow]
    usual: timedelta | None
    often: int  # in the last 30 days


@dataclass(frozen=True)
class StepLine:
    """A step as it stands in the runbook, its placeholders open."""

    number: str
    depth: int
    title: str
    kind: str
    exactly: str
    dangerous: bool
    changes: bool
    back: str


def row_of(run: Run) -> RunRow:
    took = run.ended_at - run.started_at if run.ended_at else None
    title = run.version.title
    title = _("Take back: %(title)s") % {"title": title} if run.undoes_id else title
    if run.state == RunState.RUNNING and getattr(run, "waits", False):
        return RunRow(run, title, str(StepStateName.WAITING.label), "p1", took)
    return RunRow(run, title, str(RunStateName(run.state).label), RUN_TONES[run.state], took)


def listed(words: str, *, at: datetime) -> dict[str, Any]:
    books = [book for book in run_queries.books(words) if book.current]
    last, often = run_queries.last_runs(books), run_queries.how_often(books, at=at)
    rows = [_row(book, last.get(book.pk, []), often.get(book.pk, 0)) for book in books]
    return {"rows": sorted(rows, key=lambda row: row.title), "words": words}


def current_of(book: Runbook) -> Version:
    """Only a runbook that is being made has none."""
    if book.current is None:
        raise Http404
    return book.current


def _row(book: Runbook, last: Sequence[Run], often: int) -> BookRow:
    version = current_of(book)
    results = [row_of(run) for run in last[:RESULTS]]
    return BookRow(
        book, version.title, version.said("summary"), reads_only(version.document), results,
        run_queries.usual_of(last), often,
    )  # fmt: skip


def book_page(key: str, *, at: datetime) -> dict[str, Any]:
    book = get_object_or_404(run_queries.books(), key=key)
    version = current_of(book)
    last, often = run_queries.last_runs([book]), run_queries.how_often([book], at=at)
    row = _row(book, last.get(book.pk, []), often.get(book.pk, 0))
    return {
        "row": row,
        "book": book,
        "version": version,
        "document": version.document,
        "success": version.said("success"),
        "back": version.said("back"),
        "steps": lines_of(version.document),
        "inputs": _inputs(version.document),
        "versions": book.versions.select_related("made_by").defer("source")[:20],
    }


def _inputs(document: Document) -> list[tuple[str, str, str]]:
    """Name, label and what it takes."""
    return [
        (name, in_language(one.label.ko, one.label.en), one.type)
        for name, one in document.inputs.items()
    ]


def lines_of(document: Document) -> list[StepLine]:
    with each_asked_once():
        return _lines(document.steps, "", 0)


def _lines(rows: Sequence[Step], before: str, depth: int) -> list[StepLine]:
    found = []
    for number, step in enumerate(rows, start=1):
        found.append(_line(step, f"{before}{number}", depth))
        found += _lines(step.steps, f"{before}{number}.", depth + 1)
    return found


def _line(step: Step, number: str, depth: int) -> StepLine:
    kind = steps[step.kind]
    return StepLine(
        number, depth, in_language(step.title.ko, step.title.en), str(kind.label),
        foretold(step.kind, step.settings), step.dangerous or kind.dangerous,
        not kind.reads_only(step.settings),
        _back(step),
    )  # fmt: skip


def _back(step: Step) -> str:
    """What takes it back, as it is written or by its nature."""
    if step.undo:
        return foretold(step.undo.kind, step.undo.settings)
    natural = steps[step.kind].takes_back(step.name, step.settings) or {}
    return " ".join(foretold(kind, given) for kind, given in natural.items())


def foretold(kind: str, settings: Any) -> str:
    """What a step says it would do with these settings; nothing, where they are not all known yet."""
    try:
        return steps[kind].foretell(settings)
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


@dataclass(frozen=True)
class Line:
    sign: str  # "+", "-", " " or "@"
    text: str


def version_page(key: str, number: int, other: int | None) -> dict[str, Any]:
    """A version, and what changed since another; since the one before, where none is asked for."""
    rows = Version.objects.select_related("runbook", "made_by").filter(runbook__key=key)
    version = get_object_or_404(rows, number=number)
    rest = rows.exclude(pk=version.pk)
    before = rest.filter(number=other).first() if other else rest.filter(number__lt=number).first()
    return {
        "version": version,
        "book": version.runbook,
        "before": before,
        "lines": changes(before.source if before else "", version.source),
        "numbers": list(rest.order_by("-number").values_list("number", flat=True)[:50]),
    }


def changes(before: str, after: str) -> list[Line]:
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [Line(line[0], line[1:]) for line in list(told)[2:]]


def offered(user: User) -> dict[str, bool]:
    return {"may_start": user.may(May.RESPOND), "may_command": user.may(May.COMMAND)}
