from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.moments import MomentField
from monitoring.domain.matching import BadMatcher, Matcher, choosy, read_lines
from monitoring.models import Integration
from teams.models import Service

HOURS: Final = [("1", _("1 hour")), ("4", _("4 hours")), ("24", _("1 day")), ("", _("until …"))]
LOCAL: Final = "%Y-%m-%dT%H:%M"


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)


class MatchersField(forms.CharField):
    """One matcher a line, and not simply all alerts."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 3, "spellcheck": "false"})

    def clean(self, value: Any) -> list[Matcher]:
        try:
            return list(choosy(read_lines(super().clean(value))))
        except BadMatcher as bad:
            reason = _now(bad.reason)
            raise forms.ValidationError(f"{bad.part}: {reason}" if bad.part else reason) from bad


class SilenceForm(forms.Form):
    matchers = MatchersField(
        label=_("Which alerts?"),
        max_length=8000,
        help_text=_(
            "A label a line: label=value, also != and, for regular expressions, =~ and !~. "
            "All of them must fit."
        ),
    )
    lasts = forms.ChoiceField(
        label=_("For how long?"), choices=HOURS, required=False, initial="1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    until = MomentField(label=_("Until"), required=False, widget=moment_input())
    starts_at = MomentField(
        label=_("From"), required=False, widget=moment_input(), help_text=_("Empty: from now on.")
    )
    comment = forms.CharField(label=_("Why?"), max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("lasts") and not said.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until when."))
        return said

    def ends_at(self, starts_at: datetime) -> datetime:
        if lasts := self.cleaned_data["lasts"]:
            return starts_at + timedelta(hours=int(lasts))
        until: datetime = self.cleaned_data["until"]
        return until

    def suggested(self) -> list[Matcher]:
        return read_lines(self.initial.get("matchers", ""))


class WindowForm(forms.Form):
    name = forms.CharField(label=_("What is done?"), max_length=200)
    services = forms.ModelMultipleChoiceField(
        Service.objects.all(),
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all alerts are quiet."),
    )
    starts_at = MomentField(label=_("From"), widget=moment_input())
    ends_at = MomentField(label=_("Until"), widget=moment_input())
    p0_breaks_through = forms.BooleanField(
        label=_("P0 calls all the same"), required=False, initial=True
    )


class TryForm(forms.Form):
    integration = forms.ModelChoiceField(
        Integration.objects.all(), label=_("Sender"), empty_label=None
    )
    labels = forms.CharField(
        label=_("Labels of the alert"),
        max_length=8000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 3, "spellcheck": "false"}),
        help_text=_("A label a line: label=value."),
    )

    def clean_labels(self) -> dict[str, str]:
        lines = [line.partition("=") for line in self.cleaned_data["labels"].splitlines() if line]
        if not all(name.strip() and sign for name, sign, _value in lines):
            raise forms.ValidationError(_("Write each line as label=value."))
        return {name.strip(): value.strip().strip('"') for name, _sign, value in lines}
