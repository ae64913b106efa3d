from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident, MessageTemplate, UrgencyName
from incidents.models.messages import TEXTS
from incidents.services.stakeholders import begun
from teams.stakeholders import StakeholderGroup


class TextsForm(forms.Form):
    """A draft as it was on the screen. What is missing is for the service to refuse."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)

    @property
    def texts(self) -> dict[str, str]:
        return {name: str(self.data.get(name, "")) for name in TEXTS}


class ChooseForm(forms.Form):
    """Which template to begin with. Whom to tell is asked with the text."""

    template = forms.ModelChoiceField(
        MessageTemplate.objects.all(),
        label=_("Begin with"),
        required=False,
        empty_label=_("an empty text"),
    )

    def filled(self, incident: Incident, *, at: datetime) -> dict[str, Any]:
        """The text form's first content."""
        if not (self.is_bound and self.is_valid()):
            return {}
        template = self.cleaned_data["template"]
        return begun(incident, template, at=at) if template else {}


class MessageForm(forms.Form):
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.all(), label=_("To"), empty_label=_("Choose")
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=UrgencyName, initial="high")
    subject_ko = forms.CharField(label=_("Subject"), max_length=300)
    body_ko = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea)
    subject_en = forms.CharField(label=_("Subject"), max_length=300)
    body_en = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea)

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TEXTS}
