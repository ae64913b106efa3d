from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from incidents.models import Incident
from incidents.registry import Aftermath, Link, Reader, aftermath
from postmortems.due import due_of
from postmortems.models import Postmortem, State
from teams.domain.roles import Action
from teams.models import User


@aftermath.register("postmortem")
class PostmortemOfIncident(Aftermath):
    def labels(self, numbers: Iterable[int]) -> dict[int, str]:
        rows = Postmortem.objects.filter(incident__in=list(numbers))
        return {
            number: str(State(state).label)
            for number, state in rows.values_list("incident", "state")
        }

    def links(self, numbers: Iterable[int], user: User) -> dict[int, Link]:
        return {number: _link(number, label) for number, label in self.labels(numbers).items()}

    def link(self, incident: Incident, reader: Reader) -> Link | None:
        """Everybody reads its page; whoever may write begins it there, where nobody has."""
        if incident.is_open:
            return None
        written = Postmortem.objects.filter(incident=incident).first()
        label = str(
            State(written.state).label if written else _("Not begun. The facts are filled in.")
        )
        if (written is None or written.is_open) and (due := due_of(incident, at=clock.now())):
            label += f" · {due}"
        if written is None and not reader.may(Action.REVIEW):
            return Link(label, reverse("postmortems:pdf", args=[incident.number]))
        return _link(incident.number, label)


def _link(number: int, label: str) -> Link:
    page = reverse("postmortems:edit", args=[number])
    return Link(label, page, reverse("postmortems:pdf", args=[number]))
