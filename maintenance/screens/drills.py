"""The pages of drills: what is planned, how the last ones went, and one of them whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.told import Told
from maintenance.domain.continuity.wording import length
from maintenance.domain.scoring import Mark, score
from maintenance.models import Drill, DrillState, Way

SHOWN: Final = 50
NAMES: Final[dict[str, Promise]] = {
    "acknowledged": _("Answered"), "resolved": _("Over"), "rto": _("Without writes"),
    "rpo": _("Lost data"),
}  # fmt: skip
TONES: Final = {
    DrillState.PLANNED: "p3", DrillState.RUNNING: "p2", DrillState.DONE: "good",
    DrillState.FAILED: "p1", DrillState.OFF: "none",
}  # fmt: skip


@dataclass(frozen=True)
class Scored:
    name: str
    target: Told
    took: Told | None
    met: bool


@dataclass(frozen=True)
class Row:
    drill: Drill
    tone: str
    met: int
    of: int


def overview() -> dict[str, Any]:
    drills = Drill.objects.select_related("lead", "incident")
    planned = drills.filter(state__in=[DrillState.PLANNED, DrillState.RUNNING])
    past = drills.exclude(state__in=[DrillState.PLANNED, DrillState.RUNNING])
    return {"planned": rows(planned.order_by("planned_at")[:SHOWN]), "past": rows(past[:SHOWN])}


def rows(drills: Any) -> list[Row]:
    return [Row(one, _tone(one), *score(one.scored)) for one in drills]


def page(drill: Drill) -> dict[str, Any]:
    return {
        "drill": drill,
        "tone": _tone(drill),
        "marks": _scored(drill.scored),
        "findings": drill.findings.select_related("by"),
        "sandbox": drill.way == Way.SANDBOX,
        "may_note": drill.incident is not None and not drill.incident.is_open,
    }


def _tone(drill: Drill) -> str:
    met, of = score(drill.scored)
    return "p2" if drill.state == DrillState.DONE and met < of else TONES[DrillState(drill.state)]


def _scored(marks: Sequence[Mark]) -> list[Scored]:
    return [
        Scored(
            str(NAMES.get(one.name, one.name)),
            length(timedelta(seconds=one.target)),
            None if one.took is None else length(timedelta(seconds=one.took)),
            one.met,
        )
        for one in marks
    ]
