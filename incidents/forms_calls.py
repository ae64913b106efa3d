from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from incidents.models import Incident
from incidents.screens.calling import Group, choices
from incidents.services.calling import WORDS
from teams.models import Team, User
from teams.rotations import Rotation

KINDS: Final = {"person": User, "team": Team, "rotation": Rotation}


class CallForm(forms.Form):
    """Whom to call in: a button for each; a line of why is read to them."""

    heading = _("Call somebody in")
    words = forms.CharField(
        label=_("Why?"), max_length=WORDS, required=False,
        help_text=_("They read it with the page, and hear it on a call."),
    )  # fmt: skip
    whom = forms.CharField(widget=forms.HiddenInput)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, incident: Incident, data: QueryDict | None = None, *, q: str = "") -> None:
        super().__init__(data)
        self.incident, self.q = incident, q.strip()[:100]

    @property
    def groups(self) -> list[Group]:
        return choices(self.incident, self.q, at=clock.now())

    def clean_whom(self) -> User | Team | Rotation:
        """Written as "again:…" on the button of somebody who was paged already."""
        kind, _colon, key = self.cleaned_data["whom"].removeprefix("again:").partition(":")
        model = KINDS.get(kind)
        found = model._default_manager.filter(pk=key).first() if model and _is_key(key) else None
        if found is None:
            raise forms.ValidationError(gettext("Choose somebody of the list."))
        return found  # type: ignore[return-value]

    def clean_again(self) -> bool:
        return str(self.data.get("whom", "")).startswith("again:")


def _is_key(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 19
