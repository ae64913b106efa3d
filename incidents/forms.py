from django import forms
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from teams.models import Service


class DeclareForm(forms.Form):
    title = forms.CharField(label=_("What is broken?"), max_length=1024)
    severity = forms.ChoiceField(label=_("Severity"), choices=CHOICES)
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(), label=_("Services"), required=False
    )
    description = forms.CharField(
        label=_("What do you see?"), max_length=10_000, required=False, widget=forms.Textarea
    )


class NoteForm(forms.Form):
    text = forms.CharField(max_length=10_000)


class SeverityForm(forms.Form):
    severity = forms.ChoiceField(choices=CHOICES)
    reason = forms.CharField(max_length=1024, required=False)


class PinForm(forms.Form):
    seq = forms.IntegerField(min_value=1, max_value=2**31 - 1)
