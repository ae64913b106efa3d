from django import forms
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from teams.forms import LOCAL
from teams.models import Service


class WhatIfForm(forms.Form):
    severity = forms.ChoiceField(label=_("Severity"), choices=CHOICES, initial="P1")
    service = forms.ModelChoiceField(
        Service.objects.all(), label=_("Service"), required=False, empty_label="–"
    )
    at = forms.DateTimeField(label=_("When"), widget=LOCAL)
