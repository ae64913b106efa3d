from typing import Any, Final

from incidents.models import Incident

ALERTS_SHOWN: Final = 50


def alerts(incident: Incident) -> list[dict[str, Any]]:
    links = incident.alert_links.select_related("alert__integration").order_by("-alert_id")
    return [
        {
            "number": link.pk,
            "title": link.alert.title,
            "status": link.alert.status,
            "severity": link.alert.severity,
            "count": link.alert.count,
            "since": link.alert.started_at,
            "source": link.alert.integration.name,
            "url": link.alert.url if link.alert.url.startswith(("http://", "https://")) else "",
        }
        for link in links[:ALERTS_SHOWN]
    ]
