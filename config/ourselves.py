"""The portal as one more thing that checks read: what waits in its tables, and whether its ticks run.

Here and not beside the other collectors, for it knows what stands above them.
"""

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config.figures import Family, families
from core import clock
from monitoring.collector import CollectError, Collector, CollectorForm, Reading, Settings
from monitoring.models import Kind
from monitoring.registry import collectors

SECONDS: Final = "_seconds"


class PortalForm(CollectorForm):
    """Nothing to set: it is here."""


@collectors.register("portal")
class Portal(Collector):
    title = _("This portal")
    purpose = _(
        "Open incidents, messages that wait and since when, ticks that run late, checks that fail."
    )
    kind = Kind.APPLICATION
    form = PortalForm

    def collect(self, settings: Settings, *, timeout: float) -> Iterable[Reading]:
        try:
            found = list(families(at=clock.database_now()))
        except (DatabaseError, ImproperlyConfigured) as error:
            raise CollectError(_now("The portal's own tables cannot be read here.")) from error
        for family in found:
            yield from readings(family)


def readings(family: Family) -> Iterable[Reading]:
    unit = "s" if family.name.endswith(SECONDS) else ""
    for labels, value in family.figures.items():
        yield Reading(family.name, float(value), dict(labels), unit=unit)
