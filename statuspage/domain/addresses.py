"""Mail addresses as they are kept: one form for what leads to one mailbox."""

import re
from typing import Final

LONGEST: Final = 254
LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def normalised(typed: str) -> str | None:
    """None: no address that every mail server takes.

    In small letters throughout: nobody runs a server for which they matter, and everybody types both.
    """
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    local = local.lower()
    labels = domain.split(".")
    well = LOCAL.fullmatch(local) and len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    found = f"{local}@{domain}"
    fits = len(local) <= 64 and len(found) <= LONGEST
    return found if well and fits and not labels[-1].isdigit() else None


def masked(address: str) -> str:
    """For people who need not know it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else f"{address[:12]}…"
