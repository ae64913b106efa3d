"""The parts of a page that the record says by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Event
from incidents.narration import narrate
from postmortems.domain.response import Stage
from postmortems.models import Postmortem
from postmortems.responding import response
from postmortems.stages import STAGES


@dataclass(frozen=True)
class Told:
    seq: int
    at: datetime
    text: str
    actor: str


@dataclass(frozen=True)
class Row:
    label: str
    stage: Stage


def told(events: Iterable[Event]) -> list[Told]:
    return [Told(one.seq, one.at, narrate(one), one.actor) for one in events]


def record(postmortem: Postmortem) -> dict[str, object]:
    incident = postmortem.incident
    chosen = incident.timeline.filter(seq__in=postmortem.moments.values("seq"))
    found = response(incident)
    return {
        "moments": told(chosen.order_by("at", "seq")),
        "response": [Row(str(STAGES[one.key]), one) for one in found.stages],
        "paged": found.people,
        "answered": found.answered,
        "impacts": list(postmortem.impacts.select_related("service")),
    }
