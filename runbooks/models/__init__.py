from runbooks.models.actions import Action, ActionQuerySet, Approval, StateName
from runbooks.models.books import Runbook, Version
from runbooks.models.hosts import Balancer, Database, Host, Pool, Way
from runbooks.models.limits import Halt, Limits, ModeName
from runbooks.models.loosening import Loosening, LooseningEntry, LooseningState
from runbooks.models.runs import Looked, Purpose, Run, RunStateName, RunStep, StepStateName
from runbooks.models.steering import Steer, Steering

__all__ = [
    "Action",
    "ActionQuerySet",
    "Approval",
    "Balancer",
    "Database",
    "Halt",
    "Host",
    "Limits",
    "Looked",
    "Loosening",
    "LooseningEntry",
    "LooseningState",
    "ModeName",
    "Pool",
    "Purpose",
    "Run",
    "RunStateName",
    "RunStep",
    "Runbook",
    "StateName",
    "Steer",
    "Steering",
    "StepStateName",
    "Version",
    "Way",
]
