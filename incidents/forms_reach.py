from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.severity import CHOICES
from incidents.domain.foresight import Deed, Did
from teams.forms import LOCAL
from teams.models import Service, Team, User

SHOWN: Final = 8  # after that it only repeats itself
REACH: Final = timedelta(days=366)
LATEST: Final = 24 * 60  # minutes until somebody answers


def within_reach(at: datetime) -> None:
    """Who is on call in ten years nobody knows, and what calendars end at is no moment to ask about."""
    if abs(at - clock.now()) > REACH:
        raise ValidationError(_("Choose a time within a year of now."))


DOES: Final = {
    Did.ANSWER: _("acknowledges it"),
    Did.MITIGATE: _("mitigates it"),
    Did.RESOLVE: _("resolves it"),
}


def done(who: User | None, did: str, opens: datetime, minutes: int) -> list[Deed]:
    """What people do, supposing it is just this."""
    at = opens + timedelta(minutes=minutes)
    return [Deed(at, Did(did), who.pk)] if who else []


class WhatIfForm(forms.Form):
    severity = forms.ChoiceField(label=_("Severity"), choices=CHOICES, initial="P1")
    service = forms.ModelChoiceField(
        Service.objects.all(), label=_("Service"), required=False, empty_label="–"
    )
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team of a route"), required=False, empty_label="–"
    )
    at = forms.DateTimeField(label=_("When"), widget=LOCAL, validators=[within_reach])
    answers = forms.ModelChoiceField(
        User.objects.responders(), label=_("Who answers"), required=False, empty_label=_("nobody")
    )
    does = forms.ChoiceField(label=_("What they do"), choices=[*DOES.items()], required=False)
    after = forms.IntegerField(
        label=_("After so many minutes"), required=False, min_value=0, max_value=LATEST
    )

    def clean(self) -> dict[str, Any]:
        """Somebody who answers without a time does so at once."""
        said = super().clean() or {}
        if "after" in said:
            said["after"] = said["after"] or 0
        if "does" in said:
            said["does"] = said["does"] or Did.ANSWER
        return said

    def deeds(self) -> list[Deed]:
        said = self.cleaned_data
        return done(said["answers"], said["does"], said["at"], said["after"])
