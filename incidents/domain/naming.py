"""What an incident's own channel is called."""

import re
from typing import Final

LONGEST: Final = 80  # Slack's limit


def channel_name(number: int, words: str, *, turn: int = 0) -> str:
    """Small letters, digits and hyphens, as Slack takes them. `turn` counts names that were taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")
    head = "-".join(filter(None, ["inc", str(number), plain]))
    tail = f"-{turn + 1}" if turn else ""
    return head[: LONGEST - len(tail)].rstrip("-") + tail
