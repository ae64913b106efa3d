from typing import TYPE_CHECKING, Final

from core.registry import Registry

if TYPE_CHECKING:
    from monitoring.collector import Collector
    from monitoring.source import Source

PUSHED: Final = "metrics"  # an integration that brings samples, not alerts
LINES: Final = "logs"  # one that brings lines of a log
sources: "Registry[Source]" = Registry("monitoring.sources")
collectors: "Registry[Collector]" = Registry("monitoring.collectors")


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
