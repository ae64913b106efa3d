from django import forms
from django.utils.translation import gettext_lazy as _

from energy.domain.states import Level
from energy.models import EnergyPolicy


class ClearForm(forms.Form):
    note = forms.CharField(
        label=_("What came of it"),
        max_length=300,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RehearseForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=lambda value: Level(int(value)),
        choices=[(Level.CRITICAL.value, _("critical")), (Level.EMERGENCY.value, _("emergency"))],
    )
    policy = forms.ModelChoiceField(
        EnergyPolicy.objects.all(),
        label=_("Energy policy"),
        required=False,
        empty_label=_("the one that holds"),
    )
