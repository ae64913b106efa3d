"""A few checks of the portal itself, so that something is measured from the first minute."""

import socket
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from core.models import Planted
from monitoring.models import Check
from monitoring.registry import collectors
from monitoring.services import make_ahead

HERE = "http://127.0.0.1:"


def checks() -> None:
    """Once; an administrator's changes stay. The address follows the port of this start."""
    address = f"{settings.BASE_URL}/healthz"
    local = Check.objects.filter(collector="http", settings__url__startswith=HERE)
    if not settings.PRODUCTION:
        for check in local.filter(settings__url__endswith="/healthz"):
            check.settings["url"] = address
            check.save(update_fields=["settings"])
    if not Planted.objects.first_time("checks") or Check.objects.exists():
        return
    make_ahead(at=clock.now())  # what is measured first finds its day
    with translation.override(settings.LANGUAGE_CODE):
        _add(_("This host"), "host", host=socket.gethostname())
        _add(_("This portal"), "http", {"url": address, "contains": "ok"})
        _add(_("The portal's queues"), "portal")
        _add(_("The portal's database"), "postgresql", {"address": "portal"})
        _add(_("Sign-ins to the portal"), "security")
        host, port = (connection.settings_dict[part] for part in ("HOST", "PORT"))
        if port and "/" not in host:  # the embedded one has a socket and no port
            where = {"address": host or "localhost", "port": port}
            _add(_("Port of the portal's database"), "tcp", where)


def _add(name: str, collector: str, said: dict[str, Any] | None = None, **more: str) -> None:
    if collector in collectors:
        reader = collectors[collector]
        Check.objects.create(
            name=name, collector=collector, settings=reader.cleaned(said or {}), kind=reader.kind,
            **more,
        )  # fmt: skip
