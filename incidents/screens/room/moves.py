from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.domain.lifecycle import Status, may_move
from incidents.models import Incident
from incidents.screens.room.viewer import Viewer
from teams.domain.roles import Action


@dataclass(frozen=True)
class Move:
    kind: str
    label: str
    hint: str
    url: str
    key: str  # on the keyboard; "" where a slip would call everybody


KEYS: Final = {"acknowledge": "A", "mitigate": "M", "resolve": "R"}


def moves(incident: Incident, viewer: Viewer) -> list[Move]:
    """What this person may do now, the obvious next step first."""
    offers = {
        Status.ACKNOWLEDGED: ("acknowledge", _("I am on it"), _("Paging stops, and you are recorded as the one who answers."), Action.RESPOND),
        Status.MITIGATED: ("mitigate", _("Mark as mitigated"), _("Customers no longer feel it. The clock to resolution goes on."), Action.RESPOND),
        Status.RESOLVED: ("resolve", _("Resolve"), _("It is over: both clocks stop and the postmortem can begin."), Action.COMMAND),
        Status.TRIGGERED: ("reopen", _("Reopen"), _("It came back: the clocks start anew and the team is paged."), Action.COMMAND),
    }  # fmt: skip
    return [
        Move(
            kind,
            label,
            hint,
            reverse(f"incidents:{kind}", args=[incident.number]),
            KEYS.get(kind, ""),
        )
        for to, (kind, label, hint, action) in offers.items()
        if may_move(incident.status, to) and viewer.may(action)
    ]


def severities(names: dict[str, str], viewer: Viewer, incident: Incident) -> list[tuple[str, str]]:
    if not (incident.is_open and viewer.may(Action.COMMAND)):
        return []
    return list(names.items())
