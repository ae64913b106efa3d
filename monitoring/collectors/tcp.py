import time
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from integrations import tcp
from monitoring.asking import in_words
from monitoring.collector import CollectError, Collector, CollectorForm, Reading, Settings
from monitoring.registry import collectors

GREETING = 1024  # bytes


class TcpForm(CollectorForm):
    address = forms.CharField(label=_("host"), max_length=253)
    port = forms.IntegerField(label=_("port"), min_value=1, max_value=65_535)
    greeting = forms.CharField(
        label=_("the greeting contains"), required=False, max_length=200,
        help_text=_("What the server says first, such as SSH-2.0. Empty: it need say nothing."),
    )  # fmt: skip


@collectors.register("tcp")
class Tcp(Collector):
    title = _("Port (TCP)")
    purpose = _("Does something listen there, and how fast does it take a connection?")
    form = TcpForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        began = time.monotonic()
        try:
            with tcp.connection(settings["address"], settings["port"], seconds=timeout) as door:
                yield Reading("tcp_seconds", time.monotonic() - began, unit="s")
                said = door.recv(GREETING).decode(errors="replace") if settings["greeting"] else ""
        except OSError as error:
            raise CollectError(in_words(str(error), timeout)) from error
        if settings["greeting"] not in said:
            raise CollectError(_now("It greets with “%(text)s”.") % {"text": said.strip()})
