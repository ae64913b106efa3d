from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.domain.relations import Relation
from incidents.models import Incident, IncidentQuerySet, RelationName
from incidents.queries import search

OFFERED: Final = 10


class LinkForm(forms.Form):
    """Found by number, title or words, as in the list, for of thousands no menu can be made."""

    heading = _("Link an incident")
    lede = _("Both rooms show it, and both timelines say it. Nobody is paged.")
    relation = forms.ChoiceField(
        label=_("This incident is"), choices=RelationName, initial=Relation.RELATED,
        widget=forms.RadioSelect,
    )  # fmt: skip
    to = forms.ModelChoiceField(
        Incident.objects.all(), error_messages={"invalid_choice": _("There is no such incident.")}
    )

    def __init__(self, number: int, *said: Any, q: str = "") -> None:
        super().__init__(*said)
        self.number, self.q = number, q

    @property
    def found(self) -> IncidentQuerySet:
        others = Incident.objects.exclude(pk=self.number).order_by("-number")
        return (search(others, self.q) if self.q.strip() else others)[:OFFERED]

    def clean_relation(self) -> Relation:
        return Relation(self.cleaned_data["relation"])
