"""What somebody who was paged writes or presses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ACKNOWLEDGE: Final = "1"  # the key on a call; any other hears the page again

YES: Final = r"1|ok|okay|ack|acknowledge|yes|확인|확인했어요|네"
REPLY: Final = re.compile(
    rf"(?:{YES})(?:\s*[:,]?\s+#?(?P<number>\d{{1,9}}))?\s*[.!]*", re.IGNORECASE
)


class How(StrEnum):
    """How an answer came back by the way the page went."""

    LINK = "link"
    REPLY = "reply"
    KEY = "key"
    BUTTON = "button"
    COMMAND = "command"


@dataclass(frozen=True)
class Reply:
    """An acknowledgement; without a number it means the newest page."""

    number: int | None = None


def read(text: str) -> Reply | None:
    """None when it says something else."""
    found = REPLY.fullmatch(text.strip())
    if not found:
        return None
    return Reply(int(found["number"]) if found["number"] else None)
