"""What somebody who was paged writes or presses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ACKNOWLEDGE, DECLINE = "1", "3"  # the keys on a call; any other hears the page again

YES: Final = r"1|ok|okay|ack|acknowledge|yes|확인|확인했어요|네"
REPLY: Final = re.compile(
    rf"(?:{YES})(?:\s*[:,]?\s+#?(?P<number>\d{{1,9}}))?\s*[.!]*", re.IGNORECASE
)
NO: Final = r"3|no|아니요"
CANNOT: Final = r"decline|cannot|can't|못해요|못 해요|못 받아요|안돼요|안 돼요|거절|불가"
REFUSAL: Final = re.compile(
    rf"(?:(?P<no>{NO})|{CANNOT})(?:\s*[:,]?\s+#?(?P<number>\d{{1,9}}))?(?:[\s:,.!]+(?P<words>\S.*)?)?",
    re.IGNORECASE | re.DOTALL,
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


@dataclass(frozen=True)
class Decline:
    """They cannot take it, and perhaps why."""

    number: int | None = None
    words: str = ""


def read(text: str) -> Reply | Decline | None:
    """None when it says something else."""
    words = text.strip()
    if found := REPLY.fullmatch(words):
        return Reply(int(found["number"]) if found["number"] else None)
    if found := REFUSAL.fullmatch(words):
        number = int(found["number"]) if found["number"] else None
        if found["no"] and found["words"] and number is None:
            return None  # "no idea" and "3 nodes are down" refuse nothing
        return Decline(number, (found["words"] or "").strip())
    return None
