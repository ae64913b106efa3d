from incidents.services.escalating import escalate_due, mark_unresolved
from incidents.services.intake import BATCH, take_in
from incidents.services.noting import note
from incidents.services.opening import declare
from incidents.services.outcomes import note_outcomes
from incidents.services.pinning import pin, unpin
from incidents.services.responding import (
    AlreadyMoved,
    acknowledge,
    change_severity,
    mitigate,
    reopen,
    resolve,
)
from incidents.services.suggesting import Suggested, keep_severity, open_suggestion, suggested_for
from incidents.services.warning import warn_due

__all__ = [
    "BATCH",
    "AlreadyMoved",
    "Suggested",
    "acknowledge",
    "change_severity",
    "declare",
    "escalate_due",
    "keep_severity",
    "mark_unresolved",
    "mitigate",
    "note",
    "note_outcomes",
    "open_suggestion",
    "pin",
    "reopen",
    "resolve",
    "suggested_for",
    "take_in",
    "unpin",
    "warn_due",
]
