"""Maintenance that is planned: what is announced to customers, and what only mutes alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitoring.models import MaintenanceWindow

SHOWN: Final = 10


@dataclass(frozen=True)
class Planned:
    window: MaintenanceWindow
    running: bool
    services: str


def planned(*, at: datetime) -> Sequence[Planned]:
    """What goes on first, then what comes; one announced on the status page is a window, too."""
    rows = MaintenanceWindow.objects.prefetch_related("services")
    now, later = rows.active(at).order_by("ends_at"), rows.pending(at).order_by("starts_at")
    return [
        Planned(one, running, ", ".join(map(str, one.services.all())))
        for found, running in ((now, True), (later, False))
        for one in found[:SHOWN]
    ]
