import re
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from monitoring.asking_pages import PageForm, Pages
from monitoring.collector import CollectError, Collector, Reading, Settings
from monitoring.registry import collectors

STATUS: Final = re.compile(
    r"Active connections: (\d+) \n"
    r"server accepts handled requests\n (\d+) (\d+) (\d+) \n"
    r"Reading: (\d+) Writing: (\d+) Waiting: (\d+)"
)


@collectors.register("nginx")
class Nginx(Collector):
    title = _("nginx")
    purpose = _("Connections and requests, by the page of its module stub_status.")
    form = PageForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        asked = Pages(settings, timeout=timeout).get()
        found = STATUS.match(asked.text.replace("\r\n", "\n"))
        if not found:
            raise CollectError(_now("This is not the page of stub_status."))
        active, accepted, handled, requests, *doing = map(int, found.groups())
        yield Reading("nginx_seconds", asked.seconds, unit="s")
        yield Reading("nginx_connections_active", active)
        for state, count in zip(("reading", "writing", "waiting"), doing, strict=True):
            yield Reading("nginx_connections", count, {"state": state})
        yield Reading("nginx_accepted_total", accepted)
        yield Reading("nginx_requests_total", requests)
        # Accepted and not handled: it ran out of something.
        yield Reading("nginx_dropped_total", accepted - handled)
