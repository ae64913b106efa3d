"""What somebody who was paged writes back."""

import re
from dataclasses import dataclass
from typing import Final

YES: Final = r"1|ok|okay|ack|acknowledge|yes|확인|확인했어요|네"
REPLY: Final = re.compile(
    rf"(?:{YES})(?:\s*[:,]?\s+#?(?P<number>\d{{1,9}}))?\s*[.!]*", re.IGNORECASE
)


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
