from incidents.services.assembling import assemble, dismiss
from incidents.services.calling import call_in, call_next_now
from incidents.services.channels import open_due
from incidents.services.correcting import correct, relieve
from incidents.services.declining import decline
from incidents.services.escalating import call_next, escalate_due, lapse_answers, mark_unresolved
from incidents.services.evidence import attach, remove_evidence
from incidents.services.grading import change_severity
from incidents.services.hushing import note_silences
from incidents.services.intake import BATCH, is_behind, take_in
from incidents.services.joining import attendance_of, join
from incidents.services.merging import merge, move_alert, unmerge
from incidents.services.moving import AlreadyMoved
from incidents.services.nightly import tell_of_holes
from incidents.services.noting import note
from incidents.services.opening import declare
from incidents.services.outcomes import note_outcomes
from incidents.services.pinning import pin, unpin
from incidents.services.presence import look, who_looks
from incidents.services.relating import relate, unrelate
from incidents.services.reminding import remind_due
from incidents.services.responding import acknowledge, mitigate, reopen, resolve
from incidents.services.roles import give_role, leave_role
from incidents.services.suggesting import Suggested, keep_severity, open_suggestion, suggested_for
from incidents.services.swaps import tell_of_swaps
from incidents.services.tasks import add_task, change_task, finish_task, undo_task
from incidents.services.warning import warn_due

__all__ = [
    "BATCH",
    "AlreadyMoved",
    "Suggested",
    "acknowledge",
    "add_task",
    "assemble",
    "attach",
    "attendance_of",
    "call_in",
    "call_next",
    "call_next_now",
    "change_severity",
    "change_task",
    "correct",
    "declare",
    "decline",
    "dismiss",
    "escalate_due",
    "finish_task",
    "give_role",
    "is_behind",
    "join",
    "keep_severity",
    "lapse_answers",
    "leave_role",
    "look",
    "mark_unresolved",
    "merge",
    "mitigate",
    "move_alert",
    "note",
    "note_outcomes",
    "note_silences",
    "open_due",
    "open_suggestion",
    "pin",
    "relate",
    "relieve",
    "remind_due",
    "remove_evidence",
    "reopen",
    "resolve",
    "suggested_for",
    "take_in",
    "tell_of_holes",
    "tell_of_swaps",
    "undo_task",
    "unmerge",
    "unpin",
    "unrelate",
    "warn_due",
    "who_looks",
]
