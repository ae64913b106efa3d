from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.screens.clock import Clock
from incidents.screens.rows import words


@dataclass(frozen=True)
class Due:
    in_text: str
    what: str
    at: datetime
    soon: bool


def due(incident: Incident, clocks: list[Clock], at: datetime) -> list[Due]:
    whats = [_("somebody answers, or it is sent up"), _("resolution target")]
    return [
        Due(words(abs(clock.due - at)), what, clock.due, clock.urgent)
        for clock, what in zip(clocks, whats, strict=True)
        if clock.met is None and incident.is_open and not clock.overdue
    ]
