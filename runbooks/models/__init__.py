from runbooks.models.actions import Action, ActionQuerySet, Approval, StateName
from runbooks.models.limits import Halt, Limits, ModeName
from runbooks.models.loosening import Loosening, LooseningEntry, LooseningState

__all__ = [
    "Action",
    "ActionQuerySet",
    "Approval",
    "Halt",
    "Limits",
    "Loosening",
    "LooseningEntry",
    "LooseningState",
    "ModeName",
    "StateName",
]
