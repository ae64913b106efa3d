"""The capacities as a PDF: asked for by whoever reads, made by the worker, kept until there is a newer one."""

import hashlib
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from core import clock
from core.printing.printer import Told, printer
from core.printing.queue import Queue
from maintenance.models import Capacity, CapacityPaper
from maintenance.screens import paper

TICK: Final = "maintenance.print_due"


def ask(language: str, *, again: bool = False) -> CapacityPaper:
    """Of what is foreseen now: ready, being made, or failed until it is asked for `again`."""
    at = clock.now()
    with transaction.atomic():
        row, _new = CapacityPaper.objects.get_or_create(
            language=language, digest=_digest(at), defaults={"requested_at": at}
        )
        row.want(TICK, again=again)
    found: CapacityPaper = row
    return found


def before(row: CapacityPaper) -> int:
    return int(CapacityPaper.objects.before(row, clock.now()))


def print_due() -> int:
    return queue.make_due()


def _digest(at: datetime) -> str:
    """It says of each day how far it is, so that tomorrow it is another one."""
    known = Capacity.objects.order_by("pk").values_list("pk", "changed_at", "forecast__at")
    said = repr([str(timezone.localtime(at).date()), *known])
    return hashlib.sha256(said.encode()).hexdigest()


def _made(row: CapacityPaper, told: Told) -> bytes:
    html = paper.html(at=row.requested_at, language=row.language)
    return printer.to_pdf(html, told=told)


def _drop_older(row: CapacityPaper) -> None:
    older = CapacityPaper.objects.filter(language=row.language, requested_at__lt=row.requested_at)
    older.delete()


queue: Final = Queue[CapacityPaper](
    rows=CapacityPaper.objects.all,
    make=_made,
    language=lambda row: row.language,
    kept=_drop_older,
)
