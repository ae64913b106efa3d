from typing import Final

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.domain.roles import Role
from incidents.models import Incident, RoleName
from teams.domain.roles import Action
from teams.models import User

ME: Final = "me"
SHOWN: Final = 40


class RoleForm(forms.Form):
    """Who takes a role of an incident; it says beforehand whom that relieves."""

    to = forms.ModelChoiceField(User.objects.responders(), label=gettext_lazy("Who takes it?"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    button = gettext_lazy("Hand it over")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        role: Role,
        incident: Incident,
        user: User,
        q: str = "",
    ) -> None:
        holders = [held.user for held in incident.roles_now if held.role == role]
        super().__init__(data and _with_me(data, user))
        self.q = q.strip()[:100]
        self.heading = RoleName(role).label
        self.lede = _consequence(role, holders)
        self.give_url = f"?seen={','.join(str(holder.pk) for holder in holders)}"
        self.able = User.objects.responders()
        if not (user in holders or user.may(Action.COMMAND) or incident.commander == user):
            self.able = self.able.filter(pk=user.pk)
        self.fields["to"].queryset = self.able  # type: ignore[attr-defined]

    @property
    def people(self) -> list[User]:
        """Whom one may choose among, by a part of the name."""
        named = Q(display_name__icontains=self.q) | Q(username__icontains=self.q)
        return list(self.able.filter(named)[:SHOWN])

    def clean_seen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["seen"].split(",") if key.isdecimal()]


def _with_me(data: QueryDict, user: User) -> QueryDict:
    """Buttons that many people share say "me"."""
    if data.get("to") != ME:
        return data
    said = data.copy()
    said["to"] = str(user.pk)
    return said


def _consequence(role: Role, holders: list[User]) -> str:
    if not holders:
        return _("Nobody has this role yet.")
    names = {"names": ", ".join(holder.name for holder in holders)}
    if role.held_by_many:
        return _("So far: %(names)s. They stay.") % names
    return _("%(names)s has it now, is relieved at once and told so.") % names
