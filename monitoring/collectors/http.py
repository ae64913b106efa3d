import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from monitoring.asking import WebForm, ask
from monitoring.collector import CollectError, Collector, Reading, Settings
from monitoring.domain.certificates import ends_at
from monitoring.kinds import Kind
from monitoring.registry import collectors

DAY: Final = 86_400
STATUSES: Final = re.compile(r"[1-5]xx|[1-5]\d\d(-[1-5]\d\d)?", re.IGNORECASE)


class HttpForm(WebForm):
    expects = forms.CharField(
        label=_("expected status"), initial="2xx", max_length=100,
        help_text=_("Such as 2xx, or 200, 301-308."),
    )  # fmt: skip
    contains = forms.CharField(
        label=_("the answer contains"), required=False, max_length=1000,
        help_text=_("In its first megabyte. Empty: anything will do."),
    )  # fmt: skip
    follow = forms.BooleanField(label=_("follow redirects"), required=False)

    def clean_expects(self) -> str:
        said: str = self.cleaned_data["expects"].lower()
        if not all(STATUSES.fullmatch(part.strip()) for part in said.split(",")):
            raise forms.ValidationError(_("Write it such as 2xx, or 200, 301-308."))
        return said


@collectors.register("http")
class Http(Collector):
    title = _("Website or API (HTTP)")
    purpose = _("Does it answer, how fast, as expected, and how long is its certificate valid?")
    kind = Kind.APPLICATION
    form = HttpForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        asked = ask(settings, timeout=timeout, follow=settings["follow"])
        answer = asked.answer
        yield Reading("http_seconds", asked.seconds, unit="s")
        yield Reading("http_status", answer.status)
        if answer.certificate:
            yield from days_left(answer.certificate, at=clock.now())
        if not fits(answer.status, settings["expects"]):
            raise CollectError(
                _now("It answered %(status)s, not %(expected)s.")
                % {"status": answer.status, "expected": settings["expects"]}
            )
        if settings["contains"] and settings["contains"] not in asked.text:
            raise CollectError(
                _now("The answer does not contain “%(text)s”.") % {"text": settings["contains"]}
            )


def fits(status: int, expected: str) -> bool:
    return any(_fits(status, part.strip()) for part in expected.split(","))


def _fits(status: int, part: str) -> bool:
    if part.endswith("xx"):
        return status // 100 == int(part[0])
    low, _dash, high = part.partition("-")
    return int(low) <= status <= int(high or low)


def days_left(certificate: bytes, *, at: datetime) -> Iterator[Reading]:
    left = ends_at(certificate) - at
    yield Reading("certificate_days", left.total_seconds() / DAY, unit="days")
