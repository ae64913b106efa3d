from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.moments import MomentField
from maintenance.models import Drill
from teams.domain.roles import MAY, Action
from teams.models import User

HOUR: Final = 10  # of a working day, people are there


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    planned_at = MomentField(label=_("planned for"), widget=Moment(format="%Y-%m-%dT%H:%M"))

    class Meta:
        model = Drill
        fields = ["scenario", "way", "severity", "planned_at", "lead"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lead = self.fields["lead"]
        lead.queryset = User.objects.filter(is_active=True, role__in=MAY[Action.COMMAND])  # type: ignore[attr-defined]

    def clean_planned_at(self) -> datetime:
        """Today is fine: whoever wants to begin at once presses the button on its page."""
        moment: datetime = self.cleaned_data["planned_at"]
        if timezone.localdate(moment) < timezone.localdate():
            raise forms.ValidationError(_("That day is over. Choose today or a later one."))
        return moment


class NoteForm(forms.Form):
    text = forms.CharField(max_length=300, strip=True)


def fresh(lead: User) -> PlanForm:
    """For the next working day, led by whoever plans it."""
    day = timezone.localtime(clock.now()).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return PlanForm(initial={"planned_at": day, "lead": lead.pk})
