from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import WebAddress
from incidents.forms import EvidenceForm
from maintenance.models import RoundAnswer, SaidName
from teams.models import User

__all__ = ["AnswerForm", "EvidenceForm", "HandForm", "SignForm"]


class AnswerForm(forms.Form):
    said = forms.ChoiceField(choices=[("", ""), *SaidName.choices], required=False)
    note = forms.CharField(
        label=_("Note"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    link: Any = WebAddress(_("Link to evidence"), blank=True, max_length=500).formfield()
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, row: RoundAnswer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"item{row.pk}_%s", **kwargs})
        self.fields["note"].widget.attrs["aria-label"] = self.fields["note"].label
        self.fields["link"].required = False


class HandForm(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.responders(), label=_("Owner"), required=False, empty_label=_("nobody yet")
    )
    due = forms.DateField(
        label=_("Due"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SignForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
