"""PDFs: asked for by whoever reads, made by the worker."""

import hashlib
import logging
import time
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

log = logging.getLogger(__name__)

PATIENCE: Final = 30.0  # seconds a person waits for a PDF before being told to come back
GLANCE: Final = 0.05


class NotYet(Refused):
    """The PDF is still being made."""


def pdf_of(postmortem: Postmortem) -> bytes:
    """The PDF of what the postmortem says now: made by the worker, waited for here.

    Raises NotYet after PATIENCE, Refused when it could not be made.
    """
    digest = _digest(postmortem)
    until = time.monotonic() + PATIENCE
    _ask_for(postmortem, digest)
    while time.monotonic() < until:
        found = Rendering.objects.filter(postmortem=postmortem, digest=digest).first()
        if found and found.pdf is not None:
            return bytes(found.pdf)
        if found and found.error:
            raise Refused(found.error)
        time.sleep(GLANCE)
    raise NotYet(_("The PDF is being made. Try again in a minute."))


def _ask_for(postmortem: Postmortem, digest: str) -> None:
    with transaction.atomic():
        row, is_new = Rendering.objects.select_for_update().get_or_create(
            postmortem=postmortem, defaults={"digest": digest, "requested_at": clock.now()}
        )
        if row.digest != digest or row.error:
            row.digest, row.pdf, row.error, row.requested_at = digest, None, "", clock.now()
            row.save()
            is_new = True
        if is_new or row.pdf is None:
            nudge("postmortems.render_due")


def _digest(postmortem: Postmortem) -> str:
    """Changes with the timeline, its key moments, the text or an action item."""
    pins = sorted(postmortem.incident.pinned)
    actions = postmortem.actions.values_list(
        "kind", "description", "owner", "person", "team", "due_date", "priority", "status"
    )
    said = [postmortem.incident.timeline_head, pins, postmortem.version, *actions.order_by("pk")]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def render_due() -> int:
    """Make every PDF that is asked for. A row is held while it is made: two workers never make one twice."""
    made = 0
    while _render_one():
        made += 1
    return made


def _print(row: Rendering) -> None:
    """What hinders it is said to whoever waits, and to the log."""
    number = row.postmortem.incident_id
    try:
        row.pdf = render(report_of(row.postmortem, version_hash=row.digest))
    except Refused as refused:
        log.error("the PDF of incident %s could not be made: %s", number, refused)
        row.error = str(refused)
    except Exception as error:
        log.exception("the PDF of incident %s could not be made", number)
        row.error = _("The PDF could not be made: %(error)s") % {"error": error}


def _render_one() -> bool:
    with transaction.atomic():
        row = (
            Rendering.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("postmortem__incident", "postmortem__author")
            .filter(pdf=None, error="")
            .order_by("requested_at")
            .first()
        )
        if row is None:
            return False
        with translation.override(row.postmortem.language):
            _print(row)
        row.save(update_fields=["pdf", "error"])
    return True
