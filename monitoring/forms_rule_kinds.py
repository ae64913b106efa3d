"""What each kind of rule asks for, and how that is stored: seconds and plain numbers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.domain.rules import BadRule
from monitoring.forms_heartbeats import MINUTE, SpanField
from monitoring.models import Rule, RuleKind
from monitoring.rule_words import AGGREGATES, THAN

WINDOWS: Final = [MINUTE * n for n in (1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440)]
SILENCES: Final = [MINUTE * n for n in (2, 3, 5, 10, 15, 30, 60, 180, 360, 1440)]
SIDES: Final = [("above", _("above")), ("below", _("below"))]


class KindForm(forms.Form):
    """Its fields are named as in the stored parameters; `above` is a choice of two words."""

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
        kind = next(kind for kind, form in PARAMS.items() if form is type(self))
        try:
            Rule(kind=kind, params=self.params()).judge  # noqa: B018 - reads them
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


class ThresholdParams(KindForm):
    aggregate = forms.ChoiceField(
        label=_("what counts"), choices=list(AGGREGATES.items()), initial="mean"
    )
    percentile = forms.FloatField(
        label=_("which percentile"), initial=95, required=False, min_value=0, max_value=100
    )
    window = SpanField(WINDOWS, label=_("of the last"), initial=5 * MINUTE)
    above = above()
    limit = limit()
    clear = clear()

    def params(self) -> dict[str, Any]:
        said = super().params()
        return said | {"percentile": said["percentile"] or 95.0}


class RateParams(KindForm):
    window = SpanField(WINDOWS, label=_("of the last"), initial=5 * MINUTE)
    counter = forms.BooleanField(
        label=_("It is a counter: a fall means it began again at zero"), required=False
    )
    above = above()
    limit = forms.FloatField(
        label=_("bar, a minute"), widget=forms.NumberInput(attrs={"step": "any"})
    )
    clear = clear()


class ChangeParams(KindForm):
    than = forms.ChoiceField(label=_("compared with"), choices=list(THAN.items()))
    window = SpanField(WINDOWS, label=_("mean of the last"), initial=15 * MINUTE)
    above = forms.ChoiceField(
        label=_("it is"), choices=[("above", _("more")), ("below", _("less"))],
        initial="above", widget=forms.RadioSelect,
    )  # fmt: skip
    limit = forms.FloatField(label=_("by more than, in percent"), min_value=0, initial=50)

    def shown(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        shown = super().shown(stored)
        return shown | ({"limit": abs(shown["limit"])} if "limit" in shown else {})

    def params(self) -> dict[str, Any]:
        said = super().params()
        return said | {"limit": said["limit"] if said["above"] else -said["limit"]}


class AbsenceParams(KindForm):
    limit = SpanField(SILENCES, label=_("nothing heard for"), initial=5 * MINUTE)


PARAMS: Final[dict[str, type[KindForm]]] = {
    RuleKind.THRESHOLD: ThresholdParams,
    RuleKind.RATE: RateParams,
    RuleKind.CHANGE: ChangeParams,
    RuleKind.ABSENCE: AbsenceParams,
}
