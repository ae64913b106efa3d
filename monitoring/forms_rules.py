"""The form of a rule: what all kinds share, and with it the form of the kind that was chosen."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.domain.rules.wording import strangers
from monitoring.forms_bilingual import BilingualForm
from monitoring.forms_heartbeats import MINUTE, SpanField
from monitoring.forms_rule_kinds import PARAMS
from monitoring.forms_rule_params import KindForm
from monitoring.models import Metric, Rule, RuleKind
from monitoring.services.together import asks_for_itself

LASTS: Final = [MINUTE * n for n in (0, 1, 2, 3, 5, 10, 15, 30, 60, 120, 360)]
SUGGESTED: Final = 500
JUDGED: Final = {"kind", "metric", "matchers", "lasts", "clears"}
WITHOUT_METRIC: Final = {RuleKind.COMPOSITE}
PLACEHOLDERS: Final = _(
    "{name} {value} {threshold} {metric} and labels such as {labels.host} are filled in."
)


class RuleForm(BilingualForm):
    pairs: ClassVar = [
        ("name_ko", "name_en"), ("title_ko", "title_en"), ("message_ko", "message_en"),
    ]  # fmt: skip
    lasts = SpanField(LASTS, label=_("for at least"), help_text=_("So long it has to be so."))
    clears = SpanField(LASTS, label=_("over when well for"), help_text=_("Longer damps flapping."))

    class Meta:
        model = Rule
        fields: Sequence[str] = (
            "kind", "metric", "matchers", "lasts", "clears", "severity", "service",
            "name_ko", "name_en", "title_ko", "title_en", "message_ko", "message_en",
            "runbook_url",
        )  # fmt: skip
        widgets: Mapping[str, forms.Widget] = {
            "kind": forms.RadioSelect(),
            "metric": forms.TextInput(attrs={"list": "metrics", "class": "mono", "autocomplete": "off"}),
            "matchers": forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"}),
            "message_ko": forms.Textarea(attrs={"rows": 2}),
            "message_en": forms.Textarea(attrs={"rows": 2}),
        }  # fmt: skip
        help_texts: Mapping[str, Any] = {"title_ko": PLACEHOLDERS, "title_en": PLACEHOLDERS}

    def __init__(self, data: Any = None, *, asks: bool = False, **kwargs: Any) -> None:
        """`asks`: what another kind wants is asked, and nothing of it is wrong yet."""
        super().__init__(data, **kwargs)
        kind = (data or {}).get("kind") or self.initial.get("kind") or self.instance.kind
        self.kind = kind if kind in PARAMS else RuleKind.THRESHOLD
        stored = self.instance.params if self.instance.kind == self.kind else {}
        self.params: KindForm = PARAMS[self.kind](None if asks else data, stored=stored)
        for name in ("lasts", "clears"):
            field = self.fields[name]
            assert isinstance(field, SpanField)  # noqa: S101 - for the reader and the type checker
            field.offer(getattr(self.instance, name))
        self.fields["metric"].required = self.needs_metric

    @property
    def needs_metric(self) -> bool:
        return self.kind not in WITHOUT_METRIC

    @staticmethod
    def suggestions() -> list[str]:
        """Names of metrics there are, for the browser to offer."""
        names = Metric.objects.order_by("name").values_list("name", flat=True).distinct()
        return list(names[:SUGGESTED])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for name in chain(*self.pairs):
            if unknown := strangers(said[name]):
                text = _now("Nothing is known as {%(name)s}.") % {"name": unknown[0]}
                self.add_error(name, text)
        if self.params.is_valid():
            self.instance.params = self.params.params()
            chosen = [
                *self.params.cleaned_data.get("rules", ()),
                *self.params.cleaned_data.get("unless", ()),
            ]
            if asks_for_itself(self.instance, chosen):
                self.params.add_error("rules", _("It would ask for itself."))
        if not self.needs_metric:
            said["metric"] = said["matchers"] = ""
        return said

    def is_valid(self) -> bool:
        return super().is_valid() and self.params.is_valid()

    def draft(self) -> Rule | None:
        """The rule as far as it is written, when that is enough to look at the past."""
        if not self.is_bound:
            return self.instance if self.instance.pk else None
        if (JUDGED & set(self.errors)) or not self.params.is_valid():
            return None
        said = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "service"}
        return Rule(**said, service=self.cleaned_data.get("service"), params=self.params.params())


def usual(asked: Mapping[str, str]) -> Rule:
    """A new rule, about what somebody came from."""
    kind = asked.get("kind", "")
    return Rule(
        kind=kind if kind in PARAMS else RuleKind.THRESHOLD,
        metric=asked.get("metric", "")[:200], matchers=asked.get("matchers", "")[:8000],
        lasts=timedelta(minutes=5), clears=timedelta(minutes=5),
    )  # fmt: skip
