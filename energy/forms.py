from django import forms
from django.utils.translation import gettext_lazy as _


class ClearForm(forms.Form):
    note = forms.CharField(
        label=_("What came of it"),
        max_length=300,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
