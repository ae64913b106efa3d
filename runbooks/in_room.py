"""The actions of an incident, in its room."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse

from incidents.models import Incident
from incidents.registry import Part, Reader, Section, Waiting, sections
from runbooks import queries
from runbooks.domain.actions import State
from runbooks.screens.rows import rows_of

OPEN_SHOWN: Final = 50
OVER_SHOWN: Final = 10


@sections.register("actions")
class ActionsOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        """Whoever asked for something or approved it does not approve it again."""
        pairs = queries.unfinished().filter(incident=incident).order_by()
        asked = pairs.values_list("proposed_by", "approvals__person")
        return {person for pair in asked for person in pair if person}

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """What waits for somebody's approval stands apart from the rest."""
        open_ones = queries.unfinished().filter(incident=incident)[:OPEN_SHOWN]
        over = queries.over().filter(incident=incident)[:OVER_SHOWN]
        rows = rows_of([*open_ones, *over], reader, at=at)
        waiting = [row for row in rows if row.action.state == State.PROPOSED]
        rest = [row for row in rows if row.action.state != State.PROPOSED]
        parts = []
        if waiting:
            parts.append(Part("runbooks/_room_waiting.html", {"rows": waiting}, urgent=True))
        if rest:
            parts.append(Part("runbooks/_room.html", {"rows": rest}))
        return parts

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        proposed = queries.unfinished().filter(incident=incident, state=State.PROPOSED)
        return [
            Waiting(str(action), action.proposed_at, reverse("runbooks:action", args=[action.pk]))
            for action in proposed[:OPEN_SHOWN]
        ]
