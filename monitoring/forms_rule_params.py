"""What the forms of all kinds of rules share, and how what they ask is stored: seconds and plain numbers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.domain.rules import BadRule
from monitoring.forms_heartbeats import SpanField
from monitoring.models import Rule, RuleKind

SIDES: Final = [("above", _("above")), ("below", _("below"))]


class KindForm(forms.Form):
    """Its fields are named as in the stored parameters; `above` is a choice of two words."""

    kind: ClassVar[RuleKind]

    def __init__(self, data: Any = None, *, stored: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=self.shown(stored or {}))
        for name, field in self.fields.items():
            if isinstance(field, SpanField):
                present = self.initial.get(name) or field.initial
                field.offer(present or field.spans[0])

    def shown(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(stored)
        for name, field in self.base_fields.items():
            if isinstance(field, SpanField) and name in shown:
                shown[name] = timedelta(seconds=shown[name])
        if "above" in shown:
            shown["above"] = "above" if shown["above"] else "below"
        return shown

    def params(self) -> dict[str, Any]:
        """Of a valid form, as they are stored."""
        return {name: _stored(name, value) for name, value in self.cleaned_data.items()}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            self.check(said)
        return said

    def check(self, said: Mapping[str, Any]) -> None:
        """What the kind itself refuses stands at the field it is about."""
        try:
            Rule(kind=self.kind, params=self.params()).judge  # noqa: B018 - reads them
        except BadRule as bad:
            self.add_error(
                bad.field if bad.field in self.fields else None, REASONS.get(bad.reason, bad.reason)
            )


def _stored(name: str, value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value == "above" if name == "above" else value


REASONS: Final = {
    "on the wrong side of the limit": _("It must lie on the well side of the bar."),
    "not between 0 and 100": _("Between 0 and 100."),
    "none chosen": _("Choose at least one."),
    "more than there are": _("That is more than were chosen."),
    "both wanted and not": _("A rule can only be on one side."),
}


def above() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("is"), choices=SIDES, initial="above", widget=forms.RadioSelect
    )


def limit() -> forms.FloatField:
    return forms.FloatField(label=_("bar"), widget=forms.NumberInput(attrs={"step": "any"}))


def clear() -> forms.FloatField:
    return forms.FloatField(
        label=_("well again at"), required=False,
        widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=_("Empty: as soon as the bar is not passed."),
    )  # fmt: skip
