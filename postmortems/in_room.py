"""In the room: this happened before, and what was to prevent it is not done."""

from collections.abc import Iterable
from datetime import datetime

from incidents.models import Incident
from incidents.registry import Part, Reader, Section, Waiting, sections
from postmortems.services.recurring import recurring


@sections.register("recurrences")
class RecurrenceOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        return ()

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """One query, where the incident came of alerts that have a group; else none."""
        items = recurring(incident) if incident.group else []
        return [Part("postmortems/_room.html", {"items": items})] if items else []

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        return []
