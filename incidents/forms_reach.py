from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.severity import CHOICES
from teams.forms import LOCAL
from teams.models import Service

SHOWN: Final = 8  # after that it only repeats itself
REACH: Final = timedelta(days=366)


def within_reach(at: datetime) -> None:
    """Who is on call in ten years nobody knows, and what calendars end at is no moment to ask about."""
    if abs(at - clock.now()) > REACH:
        raise ValidationError(_("Choose a time within a year of now."))


class WhatIfForm(forms.Form):
    severity = forms.ChoiceField(label=_("Severity"), choices=CHOICES, initial="P1")
    service = forms.ModelChoiceField(
        Service.objects.all(), label=_("Service"), required=False, empty_label="–"
    )
    at = forms.DateTimeField(label=_("When"), widget=LOCAL, validators=[within_reach])
