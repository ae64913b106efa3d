"""The contract of a collector: one file in `monitoring/collectors/` for each kind of thing that is read."""

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.kinds import Kind

Settings = Mapping[str, Any]  # what the collector's form cleaned, as JSON kept it

SECRET: Final = re.compile(r"(?<![A-Za-z0-9_])env:([A-Z_][A-Z0-9_]*)")
# What the portal itself speaks with: who sets up a check could send it to an address of their own.
KEPT_TO_ITSELF: Final = {
    "BONGSU_SECRET_KEY", "BONGSU_METRICS_TOKEN", "BONGSU_AGENT_TOKEN", "EMAIL_URL",
    "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "TWILIO_AUTH_TOKEN", "TWILIO_BACKUP_AUTH_TOKEN",
    "BONGSU_WEBHOOK_SECRET",
}  # fmt: skip


class CollectError(Exception):
    """It could not be read; the text says why, to an operator and without secrets."""


class Refusing(CollectError):
    """It takes nobody in: full, closed, dead or cut off, as opposed to one that was asked wrongly."""


@dataclass(frozen=True)
class Reading:
    """One number. Units: `s`, `B`, `%`, `/s`, `B/s`, `days`; counts have none."""

    name: str  # snake_case, begins with what is read: `tcp_seconds`, `redis_memory_used`
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""


class CollectorForm(forms.Form):
    """A collector's settings. All fields clean to what JSON can keep, and take that again."""


class Collector(ABC):
    """Reads one thing, once. Without state: it may run in many threads and processes at a time.

    Whoever runs it adds `check_up` and `check_seconds`, and the labels `check`, `host` and `service`.
    """

    title: ClassVar[Promise | str]
    purpose: ClassVar[Promise | str] = ""  # one sentence for whoever chooses it
    kind: ClassVar[str] = Kind.SYSTEM  # the usual one; each check may say another
    form: ClassVar[type[CollectorForm]]
    here: ClassVar[bool] = False  # it reads the machine it runs on
    of_host: ClassVar[bool] = False  # its readings are the host's, whichever check took them

    @abstractmethod
    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        """Its readings, within `timeout` seconds in all. Raises CollectError.

        What it yields before the error counts all the same: a status of 500 is a reading too.
        """

    def cleaned(self, settings: Settings) -> dict[str, Any]:
        """These settings with what they leave out as usual. Raises ValidationError by field."""
        form = self.form({**self.usual(), **settings})
        if not form.is_valid():
            raise forms.ValidationError(dict(form.errors.as_data()))
        return form.cleaned_data

    def usual(self) -> dict[str, Any]:
        initial = {name: one.initial for name, one in self.form.base_fields.items()}
        return {name: value for name, value in initial.items() if value is not None}


def resolved(text: str) -> str:
    """With each `env:NAME` replaced by that variable: secrets are never in the database."""
    return SECRET.sub(_from_environment, text)


def _from_environment(found: re.Match[str]) -> str:
    name = found[1]
    value = "" if name in KEPT_TO_ITSELF else os.environ.get(name, "")
    if not value:
        raise CollectError(
            _now("The variable %(name)s is not set where checks are run.") % {"name": name}
        )
    return value


class SecretField(forms.CharField):
    """A password or token, which may only be named."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", _("As env:NAME: it is read from the environment when used."))
        super().__init__(max_length=200, **more)

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if said and not SECRET.fullmatch(said):
            raise forms.ValidationError(
                _("Secrets are not kept here. Write env:NAME, and set the variable NAME.")
            )
        return said


class LinesField(forms.CharField):
    """A name a line."""

    widget = forms.Textarea(attrs={"class": "mono", "rows": 2, "spellcheck": "false"})

    def clean(self, value: object) -> str:
        lines = (line.strip() for line in str(super().clean(value) or "").splitlines())
        return "\n".join(dict.fromkeys(filter(None, lines)))
