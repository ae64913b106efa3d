"""Two incidents belong together because a person says so: shown on both sides, and said on both timelines."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from incidents.domain.relations import MOST, Obstacle, Relation, mirrored, obstacle
from incidents.models import Incident, Related
from incidents.services import timeline
from incidents.services.timeline import Entry
from teams.models import User

WHY_NOT = {
    Obstacle.ITSELF: gettext_lazy("An incident cannot be linked to itself."),
    Obstacle.TO_BE_MERGED: gettext_lazy(
        "Both are open: merge them, so that one team works on one trouble."
    ),
    Obstacle.ENOUGH: gettext_lazy("%(most)s linked incidents are enough: take one away first."),
}


def relate(incident: Incident, *, to: Incident, relation: Relation, by: User, at: datetime) -> None:
    """`incident` is `relation` `to`. Said anew it replaces what was said; the same again changes nothing."""
    with transaction.atomic():
        held = _held(incident.pk, to.pk)
        one, other = held[incident.pk], held[to.pk]
        if Related.objects.filter(incident=one, other=other, relation=relation).exists():
            return
        why_not = obstacle(
            relation, (one.pk, one.status), (other.pk, other.status), known=_fuller(one, other)
        )
        if why_not:
            raise Refused(WHY_NOT[why_not] % {"most": MOST})
        for this, that, what in _both(one, other, relation):
            said = {"relation": what, "by": by, "at": at}
            Related.objects.update_or_create(incident=this, other=that, defaults=said)
            timeline.append(this, Entry("linked", at, by=by, data=_facts(that, what)))


def unrelate(incident: Incident, other: int, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        held = _held(incident.pk, other)
        rows = Related.objects.filter(incident=incident.pk, other=other)
        known = rows.first()
        if known is None:
            raise Refused(_("They are not linked."))
        for this, that, what in _both(held[incident.pk], held[other], Relation(known.relation)):
            Related.objects.filter(incident=this, other=that).delete()
            timeline.append(this, Entry("unlinked", at, by=by, data=_facts(that, what)))


def _held(*numbers: int) -> dict[int, Incident]:
    """The lower number first, as everywhere; no alert changes its place, so the gate stays open."""
    found = Incident.objects.select_for_update(of=("self",)).order_by("number").in_bulk(numbers)
    if len(found) != len(set(numbers)):
        raise Refused(_("There is no such incident."))
    return found


def _both(
    one: Incident, other: Incident, relation: Relation
) -> list[tuple[Incident, Incident, Relation]]:
    return [(one, other, relation), (other, one, mirrored(relation))]


def _fuller(one: Incident, other: Incident) -> int:
    """One pair said anew does not count twice."""
    return max(
        this.relations.exclude(other=that).count() for this, that in ((one, other), (other, one))
    )


def _facts(other: Incident, relation: Relation) -> dict[str, Any]:
    return {"number": other.pk, "relation": relation} | other.titled
