from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.severity import CHOICES
from monitoring.domain.logs.patterns import Tried
from monitoring.domain.logs.trying import tried
from monitoring.forms_bilingual import BilingualForm
from monitoring.forms_heartbeats import SpanField
from monitoring.models import LogKind, LogPattern, LogSource
from monitoring.services.log_keeping import PATTERN, SETTINGS

MINUTE: Final = timedelta(minutes=1)
WITHIN: Final = [MINUTE * n for n in (1, 5, 10, 15, 30, 60)]
COOLDOWN: Final = [MINUTE * n for n in (1, 5, 15, 30, 60, 360, 1440)]
MOST_PASTED: Final = 100_000


class LogSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LogSource
        fields: Sequence[str] = SETTINGS
        widgets = {"place": forms.TextInput(attrs={"class": "mono", "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.kind == LogKind.HTTP:
            for name in ("kind", "place", "from_start"):  # it keeps its address
                del self.fields[name]


class LogPatternForm(BilingualForm):
    within = SpanField(WITHIN, label=_("within"))
    cooldown = SpanField(
        COOLDOWN, label=_("over when quiet for"),
        help_text=_("Until then all matches are one alert."),
    )  # fmt: skip
    pasted = forms.CharField(
        label=_("Try it"), required=False, max_length=MOST_PASTED, strip=False,
        widget=forms.Textarea(
            attrs={"class": "mono", "rows": 5, "spellcheck": "false", "wrap": "off"}
        ),
        help_text=_("Paste lines of your log. They are not kept."),
    )  # fmt: skip

    class Meta:
        model = LogPattern
        fields: Sequence[str] = PATTERN
        widgets = {
            name: forms.TextInput(attrs={"class": "mono", "spellcheck": "false"})
            for name in ("text", "exclude")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"] = forms.ChoiceField(
            label=_("severity"), choices=[("", _("tell nobody")), *CHOICES], required=False,
            help_text=LogPattern._meta.get_field("severity").help_text,
        )  # fmt: skip
        for name in ("within", "cooldown"):
            field = self.fields[name]
            assert isinstance(field, SpanField)  # noqa: S101 - for the reader and the type checker
            field.offer(getattr(self.instance, name))

    def tried(self) -> Tried | None:
        """Against what was pasted, as soon as the pattern itself can be read."""
        self.is_valid()
        pasted = self.cleaned_data.get("pasted", "") if self.is_bound else ""
        wrong = {"text", "exclude", "kind"} & set(self.errors)
        if wrong or not (pasted.strip() and self.cleaned_data.get("text")):
            return None
        said = self.cleaned_data
        asked = LogPattern(kind=said["kind"], text=said["text"], exclude=said.get("exclude", ""))
        return tried(asked.looked_for, pasted)
