from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from incidents.models import Incident, LinkedAlert
from monitoring import queries
from monitoring.screens.pictures import Picture, pictures

ALERTS_SHOWN: Final = 50
CHARTS_SHOWN: Final = 3


def linked(incident: Incident) -> list[LinkedAlert]:
    links = incident.alert_links.select_related("alert__integration").order_by("-alert_id")
    return list(links[:ALERTS_SHOWN])


def how_many(incident: Incident, shown: Sequence[LinkedAlert]) -> int:
    """Counted only where more may be than are shown."""
    return len(shown) if len(shown) < ALERTS_SHOWN else incident.alert_links.count()


def charts(incident: Incident, links: Sequence[LinkedAlert], *, at: datetime) -> list[Picture]:
    """What the monitor's own alerts are about, at the time of the incident."""
    return pictures(
        [link.alert for link in links],
        began=incident.started_at or incident.detected_at,
        ended=incident.resolved_at,
        at=at,
        most=CHARTS_SHOWN,
    )


def alerts(links: Sequence[LinkedAlert]) -> list[dict[str, Any]]:
    quiet = queries.quiet_because_of([link.alert_id for link in links]) if links else {}
    return [
        {
            "number": link.pk,
            "title": link.alert.heading,
            "status": link.alert.status,
            "severity": link.alert.severity,
            "count": link.alert.count,
            "keeps_quiet": quiet.get(link.alert_id, 0),
            "since": link.alert.started_at,
            "source": link.alert.integration.name,
            "url": _web(link.alert.url),
            "runbook_url": link.alert.runbook,
        }
        for link in links
    ]


def _web(address: str) -> str:
    """Senders write what they like; only what a browser opens becomes a link."""
    return address if address.startswith(("http://", "https://")) else ""
