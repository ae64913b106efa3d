from postmortems.figures.models import ImprovementReport
from postmortems.models.action import ActionItem, ActionItemQuerySet
from postmortems.models.postmortem import Postmortem, RootCause, State, five_empty
from postmortems.models.record import Moment, ServiceImpact
from postmortems.models.rendering import Rendering
from postmortems.models.review import Comment, Section, Suggestion
from postmortems.models.version import Version
from postmortems.models.why import Evidence, Why

__all__ = [
    "ActionItem",
    "ActionItemQuerySet",
    "Comment",
    "Evidence",
    "ImprovementReport",
    "Moment",
    "Postmortem",
    "Rendering",
    "RootCause",
    "Section",
    "ServiceImpact",
    "State",
    "Suggestion",
    "Version",
    "Why",
    "five_empty",
]
