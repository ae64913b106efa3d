"""What a mail that came to our envelope address says: RFC 3464 (it could not be delivered), RFC 5965 (it was not wanted)."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Any, Final

LONGEST: Final = 200


class Fate(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    LEFT = "left"
    NOTHING = "nothing"  # an answer by a machine, a delay, or nothing that we can read


@dataclass(frozen=True)
class Bounce:
    fate: Fate
    to: str = ""  # our own address, which says whose it is
    words: str = ""


# As anymail has them: what a provider says of a mail, in the words of all of them.
NO_MAILBOX: Final = frozenset({"invalid", "bounced"})


PASSING: Final = re.compile(r"soft|\b4\.\d{1,3}\.\d{1,3}\b|^4\d\d\b", re.IGNORECASE)


def of_event(event: str, reason: str, words: str = "") -> Fate:
    """A provider that only waits says so, and tries again by itself; one that refuses to send remembers why.

    `words` are the mailbox's server's and the provider's own: the common ones do not tell soft from hard.
    """
    if event == "complained" or (event == "rejected" and reason == "spam"):
        return Fate.COMPLAINT
    if event == "unsubscribed" or (event == "rejected" and reason == "unsubscribed"):
        return Fate.LEFT
    if event in {"bounced", "rejected"} and reason in NO_MAILBOX and not PASSING.search(words):
        return Fate.HARD
    return Fate.SOFT if event == "bounced" else Fate.NOTHING


NO_NUMBER: Final = frozenset(
    {"30005", "30006"}
)  # unknown; a landline, or a carrier that takes none
LOST: Final = frozenset({"failed", "undelivered"})


def of_text(status: str, error: str) -> Fate:
    """As Twilio tells of a text that it had taken: a phone may be off for a while (30003), a number may be none."""
    if status not in LOST:
        return Fate.NOTHING
    return Fate.HARD if error in NO_NUMBER else Fate.SOFT


def read(content: bytes, *, to: str = "") -> Bounce:
    """`to` is the address it came to, where whoever hands it to us knows it better than its head."""
    mail: EmailMessage = message_from_bytes(content, _class=EmailMessage, policy=default)
    to = to or _head(mail, "X-Original-To") or _head(mail, "Delivered-To") or _head(mail, "To")
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            return Bounce(Fate.COMPLAINT, to, "complaint")
        if kind == "message/delivery-status":
            return _of_status(part, to)
    return Bounce(Fate.NOTHING, to)


def _of_status(part: Any, to: str) -> Bounce:
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        action, status = _head(block, "Action").lower(), _head(block, "Status")
        if action == "failed":
            words = f"{status} {_head(block, 'Diagnostic-Code')}".strip()[:LONGEST]
            return Bounce(Fate.SOFT if status.startswith("4") else Fate.HARD, to, words)
    return Bounce(Fate.NOTHING, to)


def _head(block: Any, name: str) -> str:
    """Strangers write these: a head that no standard allows is none."""
    try:
        return " ".join(str(block.get(name, "")).split())
    except Exception:
        return ""
