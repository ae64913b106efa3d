"""What an address must look like, channel by channel: a slip is found at the desk, not at night."""

import re
from typing import Final

PHONE: Final = re.compile(r"\+[1-9]\d{6,14}")  # E.164, the only form every provider understands
SLACK: Final = re.compile(r"[CDGUW][A-Z0-9]{6,}|https?://\S+")
WEB: Final = re.compile(r"https?://[^\s/]+\S*")
MAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")

FORMS: Final = {"voice": PHONE, "sms": PHONE, "slack": SLACK, "email": MAIL, "webhook": WEB}


def fits(channel: str, address: str) -> bool:
    form = FORMS.get(channel)
    return bool(form and form.fullmatch(address))
