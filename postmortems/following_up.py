from datetime import date, datetime

from django.urls import reverse

from incidents.models import Incident
from incidents.registry import Followup, followups
from postmortems.models import ActionItem
from postmortems.services.drafting import draft
from postmortems.services.owning import add_action
from teams.models import User


@followups.register("action items")
class ActionItems(Followup):
    def add(self, incident: Incident, text: str, *, by: User, due: date, at: datetime) -> str:
        """Of the incident's postmortem, which begins with it where there is none."""
        fields = {
            "kind": ActionItem.Kind.SHORT_TERM, "description": text, "person": by,
            "due_date": due, "priority": ActionItem.Priority.MEDIUM,
        }  # fmt: skip
        add_action(draft(incident, by=by, at=at), fields, by=by, at=at)
        return reverse("postmortems:edit", args=[incident.number])
