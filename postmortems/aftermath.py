from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.registry import Aftermath, Link, aftermath
from postmortems.models import Postmortem, State


@aftermath.register("postmortem")
class PostmortemOfIncident(Aftermath):
    def labels(self, numbers: Iterable[int]) -> dict[int, str]:
        rows = Postmortem.objects.filter(incident__in=list(numbers))
        return {
            number: str(State(state).label)
            for number, state in rows.values_list("incident", "state")
        }

    def link(self, incident: Incident) -> Link | None:
        if incident.is_open:
            return None
        written = Postmortem.objects.filter(incident=incident).first()
        label = State(written.state).label if written else _("Not begun. The facts are filled in.")
        number = [incident.number]
        return Link(
            str(label),
            reverse("postmortems:edit", args=number),
            reverse("postmortems:pdf", args=number),
        )
