"""PDFs: asked for by whoever reads, made by the worker, kept."""

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.nudge import nudge
from postmortems.models import Postmortem, Rendering
from postmortems.pdf import render
from postmortems.reporting import report_of
from postmortems.services.showing import all_shown, frozen_version

log = logging.getLogger(__name__)

PATIENCE: Final = 30.0  # seconds a program waits for a PDF before being told to come back
GLANCE: Final = 0.05
HOLD: Final = timedelta(
    seconds=30
)  # a worker renews its hold with the pages; one that is killed does not
TELL: Final = 0.5  # seconds between two notes of how far it is
MOST_TRIES: Final = 3  # a document that ends its worker thrice is not tried a fourth time


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
    due = Rendering.objects.due(clock.now()).filter(patient=False)
    return due.filter(requested_at__lt=row.requested_at).count()


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
    made = 0
    while row := _claimed():
        _print(row)
        made += 1
    return made


def _claimed() -> Rendering | None:
    """Held in the row, not by a lock: whoever asks meanwhile is not kept waiting, and sees how far it is."""
    at = clock.database_now()
    with transaction.atomic():
        row = (
            Rendering.objects.due(at)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("postmortem__incident", "postmortem__author")
            .first()
        )
        if row is None:
            return None
        row.held_until, row.tries, row.pages = at + HOLD, row.tries + 1, 0
        row.save(update_fields=["held_until", "tries", "pages"])
    return row


def _print(row: Rendering) -> None:
    """What hinders it is said to whoever waits, and to the log."""
    with translation.override(row.postmortem.language):
        try:
            _keep(row, _made(row))
        except Refused as refused:
            log.error("the PDF of incident %s could not be made: %s", _number(row), refused)
            _fail(row, str(refused))
        except Exception as error:
            log.exception("the PDF of incident %s could not be made", _number(row))
            _fail(row, _("The PDF could not be made: %(error)s") % {"error": error})


def _made(row: Rendering) -> bytes:
    if row.tries > MOST_TRIES:
        raise Refused(_("The worker died over this document, three times."))
    version = frozen_version(row.postmortem) if row.frozen else None
    languages = ("ko", "en") if row.language == Rendering.Language.BOTH else (row.language,)
    reports = [
        report_of(row.postmortem, language=language, digest=row.digest, version=version)
        for language in languages
    ]
    return render(*reports, told=_Progress(row))


class _Progress:
    """Notes each page in the row, and holds it on; not more often than a person looks."""

    def __init__(self, row: Rendering) -> None:
        self._row, self._told = row, 0.0

    def __call__(self, page: int) -> None:
        if time.monotonic() - self._told > TELL:
            self._told = time.monotonic()
            held = clock.database_now() + HOLD
            Rendering.objects.filter(pk=self._row.pk).update(pages=page, held_until=held)


def _keep(row: Rendering, pdf: bytes) -> None:
    """Older ones of a draft are of no use any more: nobody can ask for them."""
    Rendering.objects.filter(pk=row.pk).update(pdf=pdf, made_at=clock.now(), held_until=None)
    older = Rendering.objects.filter(
        postmortem=row.postmortem_id, language=row.language, frozen=False, requested_at__lt=row.requested_at
    )  # fmt: skip
    older.exclude(pk=row.pk).delete()


def _fail(row: Rendering, said: str) -> None:
    Rendering.objects.filter(pk=row.pk).update(error=said, held_until=None)


def _number(row: Rendering) -> int:
    return row.postmortem.incident_id
