from incidents.services.stakeholders.announcing import announce
from incidents.services.stakeholders.approving import (
    Overtaken,
    approve,
    customer_impact,
    revise,
    withdraw,
    write,
)
from incidents.services.stakeholders.drafting import draft_due
from incidents.services.stakeholders.facts import begun
from incidents.services.stakeholders.receipts import note_receipts
from incidents.services.stakeholders.reminding import remind_due, speaker
from incidents.services.stakeholders.sending import send_due

__all__ = [
    "Overtaken",
    "announce",
    "approve",
    "begun",
    "customer_impact",
    "draft_due",
    "note_receipts",
    "remind_due",
    "revise",
    "send_due",
    "speaker",
    "withdraw",
    "write",
]
