from incidents.models.assembly import Assembly
from incidents.models.confirmation import Confirmation
from incidents.models.escalation import Answer, EscalationPolicy, EscalationStep, PolicyVersion
from incidents.models.event import Event, EventQuerySet, Pin
from incidents.models.evidence import Evidence, EvidenceContent
from incidents.models.incident import TOPIC, VERSIONED, Incident, IncidentQuerySet, StatusName
from incidents.models.linked_alert import LinkedAlert
from incidents.models.messages import Briefing, MessageState, Occasion, StakeholderMessage
from incidents.models.policy import RoleName, SeverityPolicy
from incidents.models.presence import Presence
from incidents.models.relation import Related, RelationName
from incidents.models.role import RoleHeld, RoleHeldQuerySet
from incidents.models.said import Said
from incidents.models.stakeholders import MessageTemplate, StakeholderRule, UrgencyName
from incidents.models.suggestion import SuggestionMade, SuggestionRule
from incidents.models.task import Task

__all__ = [
    "TOPIC",
    "VERSIONED",
    "Answer",
    "Assembly",
    "Briefing",
    "Confirmation",
    "EscalationPolicy",
    "EscalationStep",
    "Event",
    "EventQuerySet",
    "Evidence",
    "EvidenceContent",
    "Incident",
    "IncidentQuerySet",
    "LinkedAlert",
    "MessageState",
    "MessageTemplate",
    "Occasion",
    "Pin",
    "PolicyVersion",
    "Presence",
    "Related",
    "RelationName",
    "RoleHeld",
    "RoleHeldQuerySet",
    "RoleName",
    "Said",
    "SeverityPolicy",
    "StakeholderMessage",
    "StakeholderRule",
    "StatusName",
    "SuggestionMade",
    "SuggestionRule",
    "Task",
    "UrgencyName",
]
