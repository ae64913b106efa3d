from collections.abc import Iterable

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.asking import WebForm, ask
from monitoring.collector import CollectError, Collector, Reading, Settings
from monitoring.domain.json_path import NotThere, number_at, parsed
from monitoring.kinds import Kind
from monitoring.registry import collectors

NAME = RegexValidator("^[a-z][a-z0-9_]*$", _("Small letters, digits and _ only."))


class JsonForm(WebForm):
    path = forms.CharField(
        label=_("path to the number"), required=False, max_length=500,
        help_text=_("Such as data.wallets[0].balance or rows.length. Empty: the answer itself."),
    )  # fmt: skip
    metric = forms.CharField(
        label=_("name of the metric"), max_length=100, validators=[NAME],
        help_text=_("Such as wallet_balance."),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("unit"), required=False, max_length=40, help_text=_("Such as s, B, TRX or %.")
    )

    def clean_path(self) -> str:
        said: str = self.cleaned_data["path"]
        try:
            parsed(said)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is no path, from here on: %(rest)s"), params={"rest": str(error)}
            ) from error
        return said


@collectors.register("json")
class Json(Collector):
    title = _("Number in a JSON answer")
    purpose = _("One number of an API: a balance, a height, the length of a list.")
    kind = Kind.APPLICATION
    form = JsonForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        asked = ask(settings, timeout=timeout)
        if not asked.answer.ok:
            raise CollectError(_now("It answered %(status)s.") % {"status": asked.answer.status})
        try:
            value = number_at(asked.json, parsed(settings["path"]))
        except NotThere as fault:
            place = {"place": fault.place or "/"}
            raise CollectError(_now("There is no number at %(place)s.") % place) from fault
        yield Reading(settings["metric"], value, unit=settings["unit"])
