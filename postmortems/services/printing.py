"""PDFs: asked for by whoever reads, made by the worker, kept."""

import time
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.nudge import nudge
from core.printing.printer import Told
from core.printing.queue import Queue
from postmortems.models import Postmortem, Rendering
from postmortems.pdf import render
from postmortems.reporting import report_of
from postmortems.services.showing import all_shown, frozen_version

PATIENCE: Final = 30.0  # seconds a program waits for a PDF before being told to come back
GLANCE: Final = 0.05


class NotYet(Refused):
    """The PDF is still being made."""


def ask(postmortem: Postmortem, language: str = "", *, again: bool = False) -> Rendering:
    """The PDF of what the postmortem says now: ready, being made, or failed until it is asked for `again`."""
    return ask_all([postmortem], language, again=again, patient=False)[0]


def ask_all(
    postmortems: Collection[Postmortem], language: str = "", *, again: bool = False, patient: bool = True
) -> list[Rendering]:  # fmt: skip
    """Of many at once, in their order. Waits for no worker: a row is not locked while it is made."""
    shown = all_shown(postmortems)
    wanted = [
        Rendering(
            postmortem=one,
            language=language or one.language,
            digest=shown[one.pk].digest,
            frozen=shown[one.pk].frozen,
            patient=patient,
            requested_at=clock.now(),
        )
        for one in postmortems
    ]
    with transaction.atomic():
        Rendering.objects.bulk_create(wanted, ignore_conflicts=True)
        found = _found(wanted)
        mine = Rendering.objects.filter(pk__in=[row.pk for row in found], made_at=None)
        if again:
            mine.exclude(error="").update(error="", tries=0, held_until=None, pages=0)
            found = _found(wanted)
        if not patient:
            mine.filter(patient=True).update(patient=False)
        if any(row.made_at is None and not row.error for row in found):
            nudge("postmortems.render_due")
    return found


def _found(wanted: Collection[Rendering]) -> list[Rendering]:
    digests = [row.digest for row in wanted]
    rows = Rendering.objects.without_pdf().filter(digest__in=digests)
    known = {(row.postmortem_id, row.language, row.digest): row for row in rows}
    return [known[row.postmortem_id, row.language, row.digest] for row in wanted]


def before(row: Rendering) -> int:
    """How many are made before it."""
    return int(Rendering.objects.filter(patient=False).before(row, clock.now()))


def pdf_of(postmortem: Postmortem, language: str = "") -> bytes:
    """For a program, which has nothing to look at meanwhile: asked for, and waited for here.

    Raises NotYet after PATIENCE, Refused when it could not be made.
    """
    until = time.monotonic() + PATIENCE
    row = ask(postmortem, language, again=True)
    while time.monotonic() < until:
        found = Rendering.objects.filter(pk=row.pk).first()
        if found and found.pdf is not None:
            return bytes(found.pdf)
        if found and found.error:
            raise Refused(found.error)
        time.sleep(GLANCE)
    raise NotYet(_("The PDF is being made. Try again in a minute."))


def render_due() -> int:
    """Make every PDF that is asked for, one after the other."""
    return queue.make_due()


def _made(row: Rendering, told: Told) -> bytes:
    version = frozen_version(row.postmortem) if row.frozen else None
    languages = ("ko", "en") if row.language == Rendering.Language.BOTH else (row.language,)
    reports = [
        report_of(row.postmortem, language=language, digest=row.digest, version=version)
        for language in languages
    ]
    return render(*reports, told=told)


def _drop_older(row: Rendering) -> None:
    """Older ones of a draft are of no use any more: nobody can ask for them."""
    older = Rendering.objects.filter(
        postmortem=row.postmortem_id, language=row.language, frozen=False, requested_at__lt=row.requested_at
    )  # fmt: skip
    older.exclude(pk=row.pk).delete()


queue: Final = Queue[Rendering](
    rows=lambda: Rendering.objects.select_related("postmortem__incident", "postmortem__author"),
    make=_made,
    language=lambda row: row.postmortem.language,
    kept=_drop_older,
)
