"""What each kind of rule asks for, and how that is stored: seconds and plain numbers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.domain.matching import BadMatcher, read_lines
from monitoring.domain.rules import BadRule
from monitoring.forms_heartbeats import MINUTE, SpanField
from monitoring.models import Rule, RuleKind
from monitoring.rule_words import AGGREGATES, THAN

WINDOWS: Final = [MINUTE * n for n in (1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440)]
DAY: Final = 1440 * MINUTE
AHEADS: Final = [60 * MINUTE * n for n in (2, 4, 6, 12, 24, 48, 72, 168)]
HISTORIES: Final = [DAY * n for n in (1, 2, 3, 5, 7, 14)]
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


class RatioParams(KindForm):
    against = forms.CharField(
        label=_("of this metric"), max_length=200,
        widget=forms.TextInput(attrs={"list": "metrics", "class": "mono", "autocomplete": "off"}),
    )  # fmt: skip
    against_matchers = forms.CharField(
        label=_("its labels"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"}),
    )  # fmt: skip
    by = forms.CharField(
        label=_("belong together by"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "mono"}),
        help_text=_("Labels, with commas between. Empty: all that both have."),
    )  # fmt: skip
    window = SpanField(WINDOWS, label=_("of the last"), initial=5 * MINUTE)
    counter = forms.BooleanField(
        label=_("Both are counters: what was added is compared"), required=False, initial=True
    )
    least = forms.FloatField(
        label=_("only from so many on"), initial=0, min_value=0, required=False,
        help_text=_("Of two requests, one may fail."),
    )  # fmt: skip
    above = above()
    limit = forms.FloatField(label=_("bar, in percent"), initial=5)
    clear = clear()

    def shown(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        shown = super().shown(stored)
        return shown | {"by": ", ".join(shown.get("by") or ())}

    def clean_against_matchers(self) -> str:
        written: str = self.cleaned_data["against_matchers"]
        try:
            read_lines(written)
        except BadMatcher as bad:
            reason = _now(bad.reason)
            raise forms.ValidationError(f"{bad.part}: {reason}" if bad.part else reason) from bad
        return written

    def params(self) -> dict[str, Any]:
        said = super().params()
        by = [name.strip() for name in said["by"].split(",") if name.strip()]
        return said | {"by": by, "least": said["least"] or 0.0}


class ForecastParams(KindForm):
    rising = forms.ChoiceField(
        label=_("it"), choices=[("above", _("fills up")), ("below", _("runs out"))],
        initial="above", widget=forms.RadioSelect,
    )  # fmt: skip
    full = forms.FloatField(
        label=_("reaches"), initial=100, widget=forms.NumberInput(attrs={"step": "any"})
    )
    limit = SpanField(AHEADS, label=_("within"), initial=DAY)
    history = SpanField(
        HISTORIES, label=_("by the course of the last"), initial=3 * DAY,
        help_text=_("What rises by day and falls by night, or is cleaned up in time, is no growth."),
    )  # fmt: skip

    def shown(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        shown = super().shown(stored)
        if "rising" in shown:
            shown["rising"] = "above" if shown["rising"] else "below"
        return shown

    def params(self) -> dict[str, Any]:
        said = super().params()
        return said | {"rising": said["rising"] == "above"}


class StrangeParams(KindForm):
    limit = forms.FloatField(
        label=_("score at least"), initial=0.5, min_value=0.05, max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        help_text=_("Alarms begin at 0.5; nearer to 1 is rarer. What somebody called noise does not count."),
    )  # fmt: skip
    window = SpanField(
        [0 * MINUTE, *WINDOWS], label=_("of the last"), initial=0 * MINUTE,
        help_text=_("0: only while it lasts."),
    )  # fmt: skip


class CompositeParams(KindForm):
    rules = forms.TypedMultipleChoiceField(
        label=_("of these rules"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    need = forms.ChoiceField(
        label=_("fire"), initial="all", widget=forms.RadioSelect,
        choices=[("all", _("all")), ("any", _("any")), ("least", _("at least"))],
    )  # fmt: skip
    least = forms.IntegerField(label=_("at least so many"), min_value=1, initial=2, required=False)
    unless = forms.TypedMultipleChoiceField(
        label=_("and none of these"), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, stored: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, stored=stored)
        choices = [(rule.pk, rule.name) for rule in Rule.objects.only("pk", "name_ko", "name_en")]
        for name in ("rules", "unless"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def params(self) -> dict[str, Any]:
        said = super().params()
        return said | {"least": said["least"] or 1}


PARAMS: Final[dict[str, type[KindForm]]] = {
    RuleKind.THRESHOLD: ThresholdParams,
    RuleKind.RATE: RateParams,
    RuleKind.CHANGE: ChangeParams,
    RuleKind.ABSENCE: AbsenceParams,
    RuleKind.RATIO: RatioParams,
    RuleKind.FORECAST: ForecastParams,
    RuleKind.ANOMALY: StrangeParams,
    RuleKind.COMPOSITE: CompositeParams,
}
