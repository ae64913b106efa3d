"""The report of a period as a PDF: asked for, made by the worker, and kept until one of its runs changes."""

import hashlib
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from core import clock
from core.printing.page import page
from core.printing.printer import Told, printer
from core.printing.queue import Queue
from maintenance.domain.periods import Period
from maintenance.models import RoundAnswer, RoutinePaper, RoutineRun
from maintenance.reporting import of_frequency, report_of, rounds_in
from maintenance.screens.routine import NAMES
from maintenance.services.planning import company_zone
from maintenance.services.printing import TICK


def ask(period: Period, language: str, *, again: bool = False) -> RoutinePaper:
    """Ready, being made, or failed until it is asked for `again`."""
    kind = {"frequency": period.frequency.value, "first": period.first, "language": language}
    with transaction.atomic():
        row, _new = RoutinePaper.objects.get_or_create(
            **kind, digest=_digest(period), defaults={"requested_at": clock.now()}
        )
        row.want(TICK, again=again)
    found: RoutinePaper = row
    return found


def before(row: RoutinePaper, *, at: datetime) -> int:
    return int(RoutinePaper.objects.before(row, at))


def print_due() -> int:
    return queue.make_due()


def html(row: RoutinePaper) -> str:
    shown = {
        "report": report_of(row.period, at=clock.now()),
        "name": NAMES[row.period.frequency],
        "company": settings.COMPANY,
        "language": row.language,
    }
    return page("pdf/routine.html", shown, language=row.language, zone=company_zone())


def _digest(period: Period) -> str:
    """It says what turned since the period before, and how far the checklists are."""
    rows = RoutineRun.objects.filter(
        routine__in=of_frequency(period.frequency), first__in=[period.first, period.before.first]
    )
    known = rows.order_by("pk").values_list("pk", "status", "ended_at", "routine__enabled")
    lists = rounds_in(period, at=clock.now())
    answers = RoundAnswer.objects.filter(round__in=[one.round for one in lists]).order_by("pk")
    people = [*(one.word for one in lists), *answers.values_list("pk", "version")]
    return hashlib.sha256(repr([*known, *people]).encode()).hexdigest()


def _made(row: RoutinePaper, told: Told) -> bytes:
    return printer.to_pdf(html(row), told=told)


def _drop_older(row: RoutinePaper) -> None:
    same = RoutinePaper.objects.filter(
        frequency=row.frequency, first=row.first, language=row.language
    )
    same.filter(requested_at__lt=row.requested_at).delete()


queue: Final = Queue[RoutinePaper](
    rows=RoutinePaper.objects.all,
    make=_made,
    language=lambda row: row.language,
    kept=_drop_older,
)
