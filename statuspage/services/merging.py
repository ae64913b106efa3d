"""Incidents that are found to be one: what customers are told of them becomes one as well, and nothing said is lost.

Customers who know only the duplicate's side keep it, as the side of the incident it went into. Where they know both,
the duplicate's ends with a word that says where it goes on. Safe to run twice, late, or twice at once.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.models import Incident
from statuspage import wording
from statuspage.domain.phases import Phase
from statuspage.domain.states import State, worst
from statuspage.models import Change, Notice
from statuspage.services.holding import hold, say_of
from statuspage.services.saying import Words, say


def merge_due(*, at: datetime) -> int:
    """How many sides were put together, or taken apart again."""
    known = Notice.objects.public().select_related("incident")
    joined = known.going_on().filter(incident__merged_into__isnull=False)
    apart = known.filter(merged_into__isnull=False, incident__merged_into=None)
    return sum(_join(one, at=at) for one in joined.order_by("pk")) + sum(
        _part(one, at=at) for one in apart.order_by("pk")
    )


def _join(notice: Notice, *, at: datetime) -> bool:
    with transaction.atomic():
        of = notice.incident
        home = _home(of.merged_into) if of else None
        if of is None or home is None:
            return False
        sides = Notice.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        held = {one.incident_id: one for one in sides.filter(incident__in=[of, home])}
        mine, theirs = held[of.pk], held.get(home.pk)
        if mine.is_over:
            return False  # another tick was faster
        if theirs is None or theirs.published_at is None or theirs.is_over:
            _take_over(mine, theirs, of, home)
        else:
            _end(mine, theirs, at=at)
        Change.objects.note("merged", at=at)
    return True


def _home(incident: Incident | None) -> Incident | None:
    """Where it is told in the end: what it went into may have gone on."""
    while incident and incident.merged_into:
        incident = incident.merged_into
    return incident


def _take_over(mine: Notice, theirs: Notice | None, of: Incident, home: Incident) -> None:
    """Customers read on where they did; what was drafted for the other is beside it."""
    Notice.objects.filter(pk=mine.pk).update(incident=None)
    drafts = (mine.draft_ko, mine.draft_en)
    if theirs:
        drafts = drafts if any(drafts) else (theirs.draft_ko, theirs.draft_en)
        theirs.incident = of
        theirs.save(update_fields=["incident", "updated_at"])
    mine.incident, (mine.draft_ko, mine.draft_en) = home, drafts
    mine.save()
    Incident.objects.filter(pk__in=[of.pk, home.pk]).touch()


def _end(mine: Notice, theirs: Notice, *, at: datetime) -> None:
    """All that was said to be affected still is, by the one that goes on."""
    says: dict[int, list[State]] = {}
    rows = [
        *mine.affected.select_related("component"),
        *theirs.affected.select_related("component"),
    ]
    for one in rows:
        says.setdefault(one.component_id, []).append(State(one.state))
    components = {one.component_id: one.component for one in rows}
    say_of(theirs, {components[key]: worst(states) for key, states in says.items()})
    hold(theirs, at=at, visible=True)
    theirs.impact = theirs.impact_with([worst(states) for states in says.values()])
    theirs.save(update_fields=["impact", "updated_at"])
    texts = wording.in_both(
        lambda: _("This is told together with “%(title)s” from here on.") % {"title": theirs.title}
    )
    say(mine, Words(Phase.MERGED, *texts), by=None, at=at)
    Notice.objects.filter(pk=mine.pk).update(merged_into=theirs)


def _part(notice: Notice, *, at: datetime) -> bool:
    """It was none: what it says is its own again, and it goes on."""
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, merged_into__isnull=False)
        if not mine.update(merged_into=None):
            return False
        Change.objects.note("parted", at=at)
        if notice.incident and notice.incident.is_open:
            texts = wording.in_both(
                lambda: _("This is a trouble of its own; we are looking into it.")
            )
            say(notice, Words(Phase.INVESTIGATING, *texts), by=None, at=at)
    return True
