from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from core.registry import Registry

if TYPE_CHECKING:
    from core.charts.shapes import Mark
    from monitoring.collector import Collector
    from monitoring.source import Source

PUSHED: Final = "metrics"  # an integration that brings samples, not alerts
LINES: Final = "logs"  # one that brings lines of a log
sources: "Registry[Source]" = Registry("monitoring.sources")
collectors: "Registry[Collector]" = Registry("monitoring.collectors")


class Happenings(Protocol):
    """What an upper layer marks on the charts of a service's metrics, without being imported."""

    def of_service(self, service: int, since: datetime, until: datetime) -> "list[Mark]":
        """In one query, bounded."""


happenings: "Registry[Happenings]" = Registry("monitoring.happenings")


def integration_choices() -> list[tuple[str, str]]:
    return [*sources.choices(), (PUSHED, PUSHED), (LINES, LINES)]


def collector_choices() -> list[tuple[str, str]]:
    return collectors.choices()


def addressed(source: str, base_url: str, token: str) -> str:
    """The address to give to the sender."""
    if source == PUSHED:
        return f"{base_url}/ingest/metrics/{token}/"
    if source == LINES:
        return f"{base_url}/ingest/logs/{token}/"
    return sources[source].addressed(base_url, token)
