"""A version beside the one before it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postmortems.domain.content import Difference, differences
from postmortems.models import Postmortem, Version
from postmortems.screens.page import named

PLACES: Final[dict[str, Promise]] = {
    "whys": _("Causes"),
    "actions": _("Action items"),
    "moments": _("Timeline"),
    "impacts": _("Impact"),
}


@dataclass(frozen=True)
class Compared:
    version: Version
    before: Version | None
    changes: list[tuple[str, Difference]]


def compared(postmortem: Postmortem, number: int) -> Compared | None:
    rows = list(postmortem.versions.filter(number__lte=number).order_by("-number")[:2])
    if not rows or rows[0].number != number:
        return None
    before = rows[1] if len(rows) > 1 else None
    found = differences(before.content if before else {}, rows[0].content)
    return Compared(rows[0], before, [(_name(one.place), one) for one in found])


def _name(place: str) -> str:
    return str(PLACES[place]) if place in PLACES else named(place)
