"""Codes that prove a way: six digits, for a short while and a few tries."""

import hmac
from datetime import timedelta
from typing import Final
from uuid import UUID

DIGITS: Final = 6
LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
MOST: Final = 3  # for one person and channel, while a code lasts


def code(ticket: UUID, secret: str) -> str:
    """The same digits each time it is asked for, so that neither they nor their hash need be kept."""
    digest = hmac.digest(secret.encode(), b"contact code" + ticket.bytes, "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def same(typed: str, wanted: str) -> bool:
    """However it was typed: with spaces, dashes or full-width digits."""
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    return hmac.compare_digest(digits, wanted)
