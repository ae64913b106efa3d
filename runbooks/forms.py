"""What people fill in: a reason, and the inputs of a runbook, each with its type and bounds."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.bilingual import in_language
from incidents.models import Incident
from runbooks.domain.inputs import Input
from runbooks.inventory import NAMED, here
from runbooks.models import Purpose, Version

EVERY: Final = "*"  # of the hosts there are
PREFIX: Final = "input-"  # so that no input is taken for a field of the form's own


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, strip=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["autocomplete"] = "off"


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=2_000, strip=True)


class HostsField(forms.MultipleChoiceField):
    """One press chooses all there are."""

    def __init__(self, *, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        self.names = [name for name, _label in choices]
        every = [(EVERY, _t("All (%(n)s)") % {"n": len(choices)})] if len(choices) > 1 else []
        super().__init__(choices=[*every, *choices], **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen: list[str] = super().clean(value)
        return self.names if EVERY in chosen else chosen


class StartForm(forms.Form):
    """`about` is what it is started for: an open incident, maintenance or a drill."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40)  # a press twice starts once

    def __init__(self, version: Version, *args: Any, dry: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "start_%s", **kwargs})
        self.inputs = here(version.document.inputs)
        self.open = {f"incident-{one.pk}": one for one in Incident.objects.open().order_by("-pk")}
        # Chosen by a person each time: whatever stood there by itself would be taken unread.
        choices: list[tuple[str, Any]] = [("", _t("Choose"))]
        if self.open:
            rows = [(key, f"#{one.pk} {one.heading}"[:90]) for key, one in self.open.items()]
            choices.append((_t("Open incidents"), rows))
        choices += [(one.value, one.label) for one in (Purpose.MAINTENANCE, Purpose.DRILL)]
        self.fields["about"] = forms.ChoiceField(
            label=_("What for"), choices=choices, required=not dry
        )
        for name, one in self.inputs.items():
            self.fields[f"{PREFIX}{name}"] = field_of(one)

    def asked(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Each field, and what holds where nothing is given."""
        for field in self:
            one = self.inputs.get(field.name.removeprefix(PREFIX))
            yield field, _standing(one) if one else ""

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[f"{PREFIX}{name}"] for name in self.inputs}

    @property
    def incident(self) -> Incident | None:
        return self.open.get(self.cleaned_data["about"])

    @property
    def purpose(self) -> Purpose:
        about = self.cleaned_data["about"]
        return Purpose.INCIDENT if about in self.open else Purpose(about)


def _standing(one: Input) -> str:
    if one.default is None or one.type == "flag":
        return ""
    return ", ".join(map(str, one.default)) if isinstance(one.default, list) else str(one.default)


def field_of(one: Input) -> forms.Field:
    """The domain judges the values once more; what it would refuse is said beside the field where that is easy."""
    common: dict[str, Any] = {
        "label": in_language(one.label.ko, one.label.en),
        "required": one.required and one.default is None and one.type != "flag",
        "initial": one.default,
    }
    if one.type in NAMED or one.type == "choice":
        return _chosen(one, common)
    if one.type == "flag":
        return forms.BooleanField(**common)
    if one.type == "number":
        return forms.IntegerField(**common, min_value=one.least, max_value=one.most)
    if one.type == "duration":
        return forms.CharField(**common, help_text=_("Such as 30s, 5min or 2h."), max_length=20)
    looks = RegexValidator(
        rf"\A(?:{one.pattern})\Z", _("It has characters that do not belong here.")
    )
    return forms.CharField(**common, validators=[looks], max_length=1_000)


def _chosen(one: Input, common: dict[str, Any]) -> forms.Field:
    names = list(one.choices)
    if one.type in NAMED:
        names = list(NAMED[one.type].order_by("name").values_list("name", flat=True))
    choices = [(name, name) for name in names]
    if one.type == "hosts":
        initial = common["initial"]
        common["initial"] = [initial] if isinstance(initial, str) else initial
        return HostsField(**common, choices=choices, widget=forms.CheckboxSelectMultiple)
    if one.default is None and (len(choices) > 1 or not one.required):
        choices = [("", _t("Choose")), *choices]
    return forms.ChoiceField(**common, choices=choices)
