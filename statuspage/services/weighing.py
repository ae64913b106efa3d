"""How grave it is: by its components, unless a person says otherwise and until they take that back."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from statuspage.domain.phases import Kind
from statuspage.domain.snapshot import weight
from statuspage.domain.states import Impact, Overall, overall
from statuspage.models import Change, Component, Notice
from statuspage.services.holding import standing
from statuspage.services.saying import PUBLISH
from teams.models import User

log = logging.getLogger(__name__)


class Overtaken(Refused):
    """Somebody else has written meanwhile; what was typed is not lost, it was not taken."""


@dataclass(frozen=True)
class Weighed:
    """`sentence` and `without`: the page in a sentence as it is, and as it would be without the override."""

    derived: Impact
    sentence: Overall
    without: Overall


def weighed(notice: Notice) -> Weighed:
    return Weighed(
        Impact(notice.impact),
        _sentence(notice, notice.impact_override),
        _sentence(notice, ""),
    )


def _sentence(notice: Notice, said: str) -> Overall:
    """It moves the page's own sentence only while it goes on."""
    rows = Notice.objects.public().alone().going_on().filter(kind=Kind.INCIDENT)
    overrides = [
        weight(one.impact, said if one.pk == notice.pk else one.impact_override) for one in rows
    ]
    leaves = standing(Component.objects.values_list("pk", flat=True))
    return overall(leaves.values(), overrides)


def override(held: Notice, said: str, *, by: User, at: datetime) -> None:
    """On the page at once if it is there. The caller holds the row, and saves it."""
    if said == held.impact_override:
        return
    log.info("impact of notice %s: %s by %s", held, said or "derived", by.username)
    held.impact_override = said
    held.override_by, held.override_at = (by, at) if said else (None, None)
    if held.published_at:
        Change.objects.note("impact", at=at)
        nudge(PUBLISH)


def lift(notice: Notice, *, seen: str, by: User, at: datetime) -> None:
    """The impact is what its components make of it again. Raises `Refused`."""
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        if held.updated_at.isoformat() != seen:
            raise Overtaken(
                _("Somebody else has changed this meanwhile. Look at it, then send yours.")
            )
        override(held, "", by=by, at=at)
        held.save()
    notice.refresh_from_db()
