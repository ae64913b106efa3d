from runbooks.services.advancing import claim, finish, going, renew
from runbooks.services.approving import approve, propose, refuse
from runbooks.services.asking import ask_due
from runbooks.services.diagnosing import diagnose_due
from runbooks.services.executing import execute_next
from runbooks.services.foretelling import Foretold, foretell
from runbooks.services.halting import halt, lift
from runbooks.services.loading import load_library
from runbooks.services.loosening import expire_loosenings
from runbooks.services.reconciling import expire_due, reconcile_due
from runbooks.services.starting import foretold, may_start, only_reads, start, undo
from runbooks.services.steering import (
    abort,
    answer,
    go_on,
    pause,
    retry,
    say_done,
    skip,
    take_over,
)

__all__ = [
    "Foretold",
    "abort",
    "answer",
    "approve",
    "ask_due",
    "claim",
    "diagnose_due",
    "execute_next",
    "expire_due",
    "expire_loosenings",
    "finish",
    "foretell",
    "foretold",
    "go_on",
    "going",
    "halt",
    "lift",
    "load_library",
    "may_start",
    "only_reads",
    "pause",
    "propose",
    "reconcile_due",
    "refuse",
    "renew",
    "retry",
    "say_done",
    "skip",
    "start",
    "take_over",
    "undo",
]
