"""Whose mail came back: the sender's address on each envelope says so, and nobody else can write one."""

from datetime import date, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

VALID: Final = timedelta(days=7)  # servers try for up to five days before they say so
LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def sender(pk: int, on: date) -> str:
    """In small letters and digits, for some servers do not keep capitals."""
    local, _, domain = _ours(settings.DEFAULT_FROM_EMAIL).partition("@")
    said = f"{_short(pk)}-{_short(on.toordinal())}"
    return f"{local}+{said}-{_signature(said)}@{domain}"


def behind(address: str, today: date) -> int | None:
    """The subscriber's key, if the address is ours and not too old."""
    local, _, domain = address.strip("<> ").lower().partition("@")
    ours, _, our_domain = _ours(settings.DEFAULT_FROM_EMAIL).lower().partition("@")
    said, _, signature = local.removeprefix(f"{ours}+").rpartition("-")
    if domain != our_domain or not constant_time_compare(_signature(said), signature):
        return None
    pk, _, day = said.partition("-")
    fresh = today - date.fromordinal(int(day, 36)) <= VALID
    return int(pk, 36) if fresh else None


@lru_cache(maxsize=1)
def _ours(named: str) -> str:
    return parseaddr(named)[1]


def _signature(said: str) -> str:
    return salted_hmac("mail that came back", said, algorithm="sha256").hexdigest()[:20]


def _short(number: int) -> str:
    found = ""
    while number:
        number, place = divmod(number, 36)
        found = LETTERS[place] + found
    return found or "0"
