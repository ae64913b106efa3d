from typing import Any

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from postmortems.models import ActionItem, Postmortem

WHYS = 5


class PostmortemForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Postmortem
        fields = [
            "language", "state", "summary", "users_affected", "withdrawals_delayed",
            "revenue_impact", "contributing_factors", "lessons",
        ]  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "contributing_factors": forms.Textarea(attrs={"rows": 3}),
            "lessons": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [*self.instance.whys, *[""] * WHYS][:WHYS]
        for place, answer in enumerate(answers, 1):
            self.fields[f"why_{place}"] = forms.CharField(
                label=_("Why did it happen?") if place == 1 else _("And why was that?"),
                initial=answer,
                required=False,
                max_length=500,
            )

    @property
    def whys(self) -> list[forms.BoundField]:
        return [self[f"why_{place}"] for place in range(1, WHYS + 1)]

    def texts(self) -> dict[str, Any]:
        """The model's fields with what was typed."""
        said = {name: self.cleaned_data[name] for name in self._meta.fields or []}
        whys = [self.cleaned_data[f"why_{place}"] for place in range(1, WHYS + 1)]
        return said | {"whys": whys}


ActionItems = inlineformset_factory(
    Postmortem,
    ActionItem,
    fields=["kind", "description", "owner", "due_date", "priority", "status"],
    widgets={"due_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    extra=1,
)
