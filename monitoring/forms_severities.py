"""How a sender's words become severities: as lists of words, not as code."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from monitoring.domain.alerts import LEVELS
from monitoring.models import Integration

BETWEEN: Final = re.compile(r"[,\n]")
FIELDS: Final = {f"words_{level.lower()}": str(level) for level in LEVELS}


def words_of(text: str) -> list[str]:
    words = (" ".join(word.split()).lower() for word in BETWEEN.split(text))
    return [word for word in words if word]


class WordsField(forms.CharField):
    widget = UnfoldAdminTextInputWidget

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, max_length=4000)


class IntegrationForm(forms.ModelForm):  # type: ignore[type-arg]
    words_p0 = WordsField("P0")
    words_p1 = WordsField("P1")
    words_p2 = WordsField("P2")
    words_p3 = WordsField("P3")
    words_none = WordsField(gettext_lazy("kept without an incident"))

    class Meta:
        model = Integration
        fields: Sequence[str] = (
            "name", "source", "enabled", "default_service", "default_severity", "group_window", "auto_resolve",
            "flap_count", "flap_window", "signed", "topic", "drill",
        )  # fmt: skip

    def __init__(self, *said: Any, **named: Any) -> None:
        super().__init__(*said, **named)
        for name, level in FIELDS.items():
            known = self.instance.severity_map.items()
            self.fields[name].initial = ", ".join(word for word, to in known if to == level)

    def clean(self) -> dict[str, Any]:
        """Each word once: of two meanings nobody knows which counts."""
        said = super().clean() or self.cleaned_data
        found: dict[str, str] = {}
        for name, level in FIELDS.items():
            for word in words_of(said.get(name, "")):
                if found.setdefault(word, level) != level:
                    self.add_error(name, _("“%(word)s” stands elsewhere, too.") % {"word": word})
        self.instance.severity_map = found
        return said
