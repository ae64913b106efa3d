from incidents.models.event import Event
from incidents.models.incident import TOPIC, Incident, IncidentQuerySet, LinkedAlert, StatusName
from incidents.models.policy import PublicImpact, RoleName, SeverityPolicy

__all__ = [
    "TOPIC",
    "Event",
    "Incident",
    "IncidentQuerySet",
    "LinkedAlert",
    "PublicImpact",
    "RoleName",
    "SeverityPolicy",
    "StatusName",
]
