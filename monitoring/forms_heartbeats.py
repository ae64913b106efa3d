from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import durations
from core.zones import zone_choices
from monitoring.models import HeartbeatMonitor
from monitoring.services.heartbeats import SETTINGS

MINUTE: Final = timedelta(minutes=1)
PERIODS: Final = [MINUTE * n for n in (1, 5, 10, 15, 30, 60, 360, 720, 1440, 10_080, 43_200)]
GRACES: Final = [MINUTE * n for n in (1, 5, 10, 30, 60, 360, 1440)]


class SpanField(forms.TypedChoiceField):
    def __init__(self, spans: Sequence[timedelta], **more: Any) -> None:
        self.spans = list(spans)
        super().__init__(coerce=lambda minutes: int(minutes) * MINUTE, **more)

    def offer(self, present: timedelta) -> None:
        """In the reader's language, and whatever is set already."""
        language = get_language() or "ko"
        spans = sorted({*self.spans, present})
        self.choices = [
            (span // MINUTE, durations.words(span, language=language)) for span in spans
        ]

    def prepare_value(self, value: Any) -> Any:
        return value // MINUTE if isinstance(value, timedelta) else value


class HeartbeatForm(forms.ModelForm):  # type: ignore[type-arg]
    period = SpanField(PERIODS, label=_("every"))
    grace = SpanField(GRACES, label=_("grace"), help_text=_("So late it may be."))
    time_zone = forms.ChoiceField(
        label=_("time zone"), choices=zone_choices, help_text=_("Of the cron expression.")
    )

    class Meta:
        model = HeartbeatMonitor
        fields: Sequence[str] = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("period", "grace"):
            field = self.fields[name]
            assert isinstance(field, SpanField)  # noqa: S101 - for the reader and the type checker
            field.offer(getattr(self.instance, name))
