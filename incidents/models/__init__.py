from incidents.models.incident import (
    TOPIC,
    Event,
    Incident,
    IncidentQuerySet,
    LinkedAlert,
    SeverityPolicy,
    StatusName,
)

__all__ = [
    "TOPIC",
    "Event",
    "Incident",
    "IncidentQuerySet",
    "LinkedAlert",
    "SeverityPolicy",
    "StatusName",
]
