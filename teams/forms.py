from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.domain.roles import Action, Role
from teams.models import User
from teams.rotations import Rotation

LOCAL = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SpanForm(forms.Form):
    rotation = forms.ModelChoiceField(Rotation.objects.all(), label=_("Rotation"), empty_label=None)
    starts_at = forms.DateTimeField(label=_("From"), widget=LOCAL)
    ends_at = forms.DateTimeField(label=_("Until"), widget=LOCAL)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class OverrideForm(SpanForm):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=None)
    field_order = ("rotation", "person", "starts_at", "ends_at", "reason")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER)
        people = people if by.may(Action.COMMAND) else people.filter(pk=by.pk)
        field: Any = self.fields["person"]
        field.queryset = people.order_by("display_name", "username")
        field.label_from_instance = lambda person: person.name
        field.initial = by.pk
