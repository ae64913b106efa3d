from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import SUN
from postmortems.models import ActionItem, Comment, Evidence, Postmortem, Why
from postmortems.services import TEXTS
from teams.models import User

LONG = {"summary_ko": 4, "summary_en": 4, "contributing_factors": 4, "went_well": 3, "went_badly": 3,
        "got_lucky": 3, "lessons": 3, "public_ko": 4, "public_en": 4}  # fmt: skip


LONGEST = 18  # digits of a row's number


class TrxField(forms.DecimalField):
    """People write TRX; it is kept in sun."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=18, decimal_places=6, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return (Decimal(value) / SUN).normalize() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * SUN)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class PostmortemForm(forms.ModelForm):  # type: ignore[type-arg]
    trx_spent = TrxField(label=_("TRX spent"), required=False)

    class Meta:
        model = Postmortem
        fields = [*TEXTS, "owner"]
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in LONG.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]
        for field in self.fields.values():  # between other forms on the page, so each names its own
            field.widget.attrs["form"] = "postmortem"


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ActionItem
        fields = [
            "description", "kind", "purpose", "person", "team", "owner", "due_date", "priority", "status",
            "tracker_url",
        ]  # fmt: skip
        widgets = {"due_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {"owner": _("somebody else")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people()  # type: ignore[attr-defined]


class SourceField(forms.CharField):
    """Kind and number of what is cited, as the list to choose from sends them."""

    def clean(self, value: Any) -> tuple[str, int] | None:
        said = super().clean(value)
        kind, _dash, ref = said.partition("-")
        if not said:
            return None
        if kind not in Evidence.Kind or not ref.isdecimal() or len(ref) > LONGEST:
            raise forms.ValidationError(_("Choose what it rests on."))
        return kind, int(ref)


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Comment
        fields = ["section", "text"]


class CiteForm(forms.Form):
    source = SourceField()


class WhyForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=500)
    under = forms.ModelChoiceField(Why.objects.none(), required=False)
    edit = forms.ModelChoiceField(Why.objects.none(), required=False)
    revision = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    source = SourceField(required=False)

    def __init__(self, *args: Any, postmortem: Postmortem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("under", "edit"):
            self.fields[name].queryset = postmortem.whys.all()  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = _(
                "This answer has been removed meanwhile."
            )


def people() -> Any:
    return User.objects.filter(is_active=True).order_by("display_name", "username")
