from runbooks.models.actions import Action, ActionQuerySet, Approval, StateName
from runbooks.models.limits import Halt, Limits, ModeName

__all__ = ["Action", "ActionQuerySet", "Approval", "Halt", "Limits", "ModeName", "StateName"]
