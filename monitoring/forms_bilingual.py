"""Forms that ask for the same words in Korean and in English."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language


class BilingualForm(forms.ModelForm):  # type: ignore[type-arg]
    """Wants the first pair in the reader's language; whoever writes one is understood in both."""

    pairs: ClassVar = [("name_ko", "name_en")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.pairs[0]
        mine, others = first if (get_language() or "ko").startswith("ko") else first[::-1]
        self.fields[mine].required, self.fields[others].required = True, False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for korean, english in self.pairs:
            said[korean] = said.get(korean) or said.get(english, "")
            said[english] = said.get(english) or said[korean]
        return said
