import hashlib
import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import clock
from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident
from incidents.services import dismiss
from postmortems.domain.actions import proposals
from postmortems.models import ActionItem, Postmortem, Rendering, State
from postmortems.pdf import render
from postmortems.reporting import drafted_summary, report_of
from teams.models import User

log = logging.getLogger(__name__)

# The domain's words, here for the translators: its rules know no framework.
ACTION_TEXTS: Final = [
    gettext_noop("Improve monitoring alerts"),
    gettext_noop("Improve documentation"),
    gettext_noop("Improve architecture"),
]

PATIENCE: Final = 30.0  # seconds a person waits for a PDF before being told to come back
GLANCE: Final = 0.05


class NotYet(Refused):
    """The PDF is still being made."""


def draft(incident: Incident, *, by: User | None, at: datetime) -> Postmortem:
    """The postmortem of a resolved incident; facts filled in, judgement left open. Once per incident."""
    if incident.is_open:
        raise Refused(_("A postmortem begins when the incident is resolved."))
    with transaction.atomic():
        language = by.language if by else settings.LANGUAGE_CODE
        with translation.override(language):
            postmortem, is_new = Postmortem.objects.get_or_create(
                incident=incident,
                defaults={
                    "language": language,
                    "summary": drafted_summary(incident),
                    "author": by,
                    "created_at": at,
                    "updated_at": at,
                },
            )
            if is_new:
                _propose_actions(postmortem, at=at)
    return postmortem


def _propose_actions(postmortem: Postmortem, *, at: datetime) -> None:
    today = timezone.localtime(at).date()
    ActionItem.objects.bulk_create(
        ActionItem(
            postmortem=postmortem,
            kind=item.kind,
            description=_(item.text),
            owner=item.owner,
            due_date=item.due,
            priority=item.priority,
        )
        for item in proposals(postmortem.incident.severity, today=today)
    )


def revise(postmortem: Postmortem, fields: dict[str, Any], *, at: datetime) -> None:
    """A new version; two people saving at once: the second is told, nothing is lost silently."""
    seen = postmortem.version
    saved = Postmortem.objects.filter(pk=postmortem.pk, version=seen).update(
        **fields, version=seen + 1, updated_at=at
    )
    if not saved:
        raise Refused(
            _("Somebody saved this postmortem meanwhile. Open it again and add your part.")
        )
    postmortem.version = seen + 1
    if fields.get("state") == State.PUBLISHED:
        dismiss(postmortem.incident, at=at)


def set_actions(postmortem: Postmortem, wanted: Sequence[dict[str, Any]]) -> None:
    """These and no others: who has an id is changed, who has none is new."""
    named = [row["id"] for row in wanted if "id" in row]
    known = postmortem.actions.in_bulk(named)
    if len(set(named)) < len(named) or len(known) < len(named):
        raise Refused(_("An action item is named that this postmortem does not have."))
    postmortem.actions.exclude(pk__in=named).delete()
    for row in wanted:
        item = known.get(row.get("id", 0)) or ActionItem(postmortem=postmortem)
        for name, value in row.items():
            setattr(item, name, value)
        item.save()


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
        "kind", "description", "owner", "due_date", "priority", "status"
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
