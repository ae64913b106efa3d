from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.domain.roles import Role
from incidents.models import Incident, RoleName
from teams.domain.roles import Action
from teams.models import User


class RoleForm(forms.Form):
    """Who takes a role of an incident; it says beforehand whom that relieves."""

    to = forms.ModelChoiceField(User.objects.responders(), label=gettext_lazy("Who takes it?"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    button = gettext_lazy("Hand it over")

    def __init__(self, data: Any = None, *, role: Role, incident: Incident, user: User) -> None:
        holders = [held.user for held in incident.roles_now if held.role == role]
        seen = ",".join(str(holder.pk) for holder in holders)
        super().__init__(data, initial={"to": user.pk, "seen": seen})
        self.heading = RoleName(role).label
        self.fields["to"].help_text = _consequence(role, holders)
        if not (user in holders or user.may(Action.COMMAND) or incident.commander == user):
            self.fields["to"].queryset = User.objects.filter(pk=user.pk)  # type: ignore[attr-defined]

    def clean_seen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["seen"].split(",") if key.isdecimal()]


def _consequence(role: Role, holders: list[User]) -> str:
    if not holders:
        return _("Nobody has this role yet.")
    names = {"names": ", ".join(holder.name for holder in holders)}
    if role.held_by_many:
        return _("So far: %(names)s. They stay.") % names
    return _("%(names)s has it now, is relieved at once and told so.") % names
