"""What an address must look like, channel by channel: a slip is found at the desk, not at night."""

import re
from typing import Final

PHONE: Final = re.compile(r"\+[1-9]\d{6,14}")  # E.164, the only form every provider understands
SLACK: Final = re.compile(r"[CDGUW][A-Z0-9]{6,}|https?://\S+")
SLACK_PERSON: Final = re.compile(r"[UW][A-Z0-9]{6,}")
WEB: Final = re.compile(r"https?://[^\s/]+\S*")
MAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")

FORMS: Final = {"voice": PHONE, "sms": PHONE, "slack": SLACK, "email": MAIL, "webhook": WEB}


def fits(channel: str, address: str) -> bool:
    form = FORMS.get(channel)
    return bool(form and form.fullmatch(address))


def fits_person(channel: str, address: str) -> bool:
    """As `fits`, but a Slack address must be somebody's own: neither a channel nor a hook."""
    return fits(channel, address) and (channel != "slack" or bool(SLACK_PERSON.fullmatch(address)))


def tidy(channel: str, typed: str) -> str:
    """As it is kept: people write numbers with spaces, dashes and brackets."""
    if channel in {"voice", "sms"}:
        return re.sub(r"[\s().-]", "", typed)
    return typed.strip()
