from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import durations
from monitoring.collector import Collector, CollectorForm
from monitoring.models import Check
from monitoring.models.checks import LONGEST_TIMEOUT
from monitoring.registry import collectors

SECOND: Final = timedelta(seconds=1)
INTERVALS: Final = [SECOND * n for n in (10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400)]
TIMEOUTS: Final = [SECOND * n for n in (1, 2, 5, 10, 20, 30, 60)]


class SecondsField(forms.TypedChoiceField):
    """A choice of spans, and whatever is set already."""

    def __init__(self, spans: Sequence[timedelta], **more: Any) -> None:
        self.spans = list(spans)
        super().__init__(coerce=lambda seconds: float(seconds) * SECOND, **more)

    def offer(self, present: timedelta) -> None:
        language = get_language() or "ko"
        spans = sorted({*self.spans, present})
        self.choices = [
            (self.prepare_value(span), durations.words(span, language=language)) for span in spans
        ]

    def prepare_value(self, value: Any) -> Any:
        return f"{value.total_seconds():g}" if isinstance(value, timedelta) else value


class CheckForm(forms.ModelForm):  # type: ignore[type-arg]
    """What all checks have. What its collector wants to know is a form beside it."""

    interval = SecondsField(INTERVALS, label=_("every"))
    timeout = SecondsField(
        TIMEOUTS, label=_("timeout"), help_text=_("Then it counts as failed. At most “every”.")
    )

    class Meta:
        model = Check
        fields = ("name", "host", "service", "kind", "severity", "interval", "timeout")
        labels = {"kind": _("Class")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("interval", "timeout"):
            field = self.fields[name]
            assert isinstance(field, SecondsField)  # noqa: S101 - for the type checker
            field.offer(getattr(self.instance, name))


class BothForms:
    """The two halves of a check on one page, valid together; for a try the second need not be."""

    def __init__(self, check: Check, said: Mapping[str, Any] | None, *, trying: bool) -> None:
        self.check, self.collector = check, collectors[check.collector]
        self.own = _own(self.collector, said, check.settings)
        self._filled_in = CheckForm(said, instance=check)
        names = CheckForm.Meta.fields
        typed = {name: said.get(name) for name in names} if said and trying else None
        self.common = CheckForm(instance=check, initial=typed) if typed else self._filled_in

    def is_valid(self) -> bool:
        """Both are looked at, so that all that is wrong is said at once."""
        return all([self.own.is_valid(), self.common.is_valid()])

    @property
    def timeout(self) -> float:
        """For a try, also while the common half is not filled in yet."""
        self._filled_in.is_valid()
        said: timedelta = self._filled_in.cleaned_data.get("timeout", LONGEST_TIMEOUT / 6)
        return min(said, LONGEST_TIMEOUT).total_seconds()

    def filled(self) -> Check:
        check: Check = self.common.save(commit=False)
        check.settings = self.own.cleaned_data
        return check


def _own(
    collector: Collector, said: Mapping[str, Any] | None, kept: Mapping[str, Any]
) -> CollectorForm:
    return collector.form(said, initial={**collector.usual(), **kept}, prefix="on")
