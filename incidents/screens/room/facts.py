from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.domain.lifecycle import Status
from incidents.models import Incident, StatusName
from incidents.screens.rows import words


@dataclass(frozen=True)
class Phase:
    label: str
    at: datetime | None
    state: str  # past, current or later


def facts(incident: Incident, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "title": incident.heading,
        "description": incident.details,
        "runbook_url": incident.runbook_url,
        "severity": incident.severity,
        "severity_name": names.get(incident.severity, ""),
        "status": incident.status,
        "status_name": incident.status_name,
        "services": ", ".join(service.name for service in incident.services.all()),
        "routed_to": incident.routed_to.name if incident.routed_to else "",
        "since": incident.started_at or incident.detected_at,
        "detected_at": incident.detected_at,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "resolved_at": incident.resolved_at,
        "drill": incident.drill,
        "merged_into": incident.merged_into_id,
        "commander": incident.commander.name if incident.commander else "",
        "url": incident.get_absolute_url(),
        "version": incident.version,
        "resolution_proposed": bool(incident.resolution_proposed_at),
        "took": words(incident.resolved_at - incident.detected_at) if incident.resolved_at else "",
    }


def phases(incident: Incident) -> list[Phase]:
    times = {
        Status.TRIGGERED: incident.detected_at,
        Status.ACKNOWLEDGED: incident.acknowledged_at,
        Status.MITIGATED: incident.mitigated_at,
        Status.RESOLVED: incident.resolved_at,
    }
    order = list(times)
    here = order.index(Status(incident.status))
    return [
        Phase(
            str(StatusName(status).label),
            times[status],
            "current" if place == here else "past" if place < here else "later",
        )
        for place, status in enumerate(order)
    ]
