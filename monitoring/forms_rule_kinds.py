"""What each kind of rule asks for."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.domain.matching import BadMatcher, read_lines
from monitoring.forms_heartbeats import MINUTE, SpanField
from monitoring.forms_rule_params import KindForm, above, clear, limit
from monitoring.models import Rule, RuleKind
from monitoring.rule_words import AGGREGATES, THAN

WINDOWS: Final = [MINUTE * n for n in (1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440)]
DAY: Final = 1440 * MINUTE
AHEADS: Final = [60 * MINUTE * n for n in (2, 4, 6, 12, 24, 48, 72, 168)]
HISTORIES: Final = [DAY * n for n in (1, 2, 3, 5, 7, 14)]
SILENCES: Final = [MINUTE * n for n in (2, 3, 5, 10, 15, 30, 60, 180, 360, 1440)]


class ThresholdParams(KindForm):
    kind = RuleKind.THRESHOLD
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
    kind = RuleKind.RATE
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
    kind = RuleKind.CHANGE
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
    kind = RuleKind.ABSENCE
    limit = SpanField(SILENCES, label=_("nothing heard for"), initial=5 * MINUTE)


class RatioParams(KindForm):
    kind = RuleKind.RATIO
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
    kind = RuleKind.FORECAST
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
    kind = RuleKind.ANOMALY
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
    kind = RuleKind.COMPOSITE
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


FORMS: Final[list[type[KindForm]]] = [
    ThresholdParams, RateParams, ChangeParams, AbsenceParams, RatioParams, ForecastParams,
    StrangeParams, CompositeParams,
]  # fmt: skip
PARAMS: Final[dict[str, type[KindForm]]] = {form.kind: form for form in FORMS}
