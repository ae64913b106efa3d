from runbooks.services.approving import approve, propose, refuse
from runbooks.services.asking import ask_due
from runbooks.services.executing import execute_next
from runbooks.services.foretelling import Foretold, foretell
from runbooks.services.halting import halt, lift
from runbooks.services.loosening import expire_loosenings
from runbooks.services.reconciling import expire_due, reconcile_due

__all__ = [
    "Foretold",
    "approve",
    "ask_due",
    "execute_next",
    "expire_due",
    "expire_loosenings",
    "foretell",
    "halt",
    "lift",
    "propose",
    "reconcile_due",
    "refuse",
]
