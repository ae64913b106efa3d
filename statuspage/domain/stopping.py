"""Words by which a phone ends what is texted to it, and lets it begin again, as people and the law have them."""

import re
from enum import StrEnum
from typing import Final


class Word(StrEnum):
    STOP = "stop"
    START = "start"


STOPS: Final = frozenset(
    {
        "stop", "stopall", "unsubscribe", "end", "quit", "cancel", "optout", "revoke",
        "중지", "중단", "그만", "해지", "취소", "거부", "수신거부", "구독취소", "구독해지", "구독중지", "알림중지",
    }
)  # fmt: skip
STARTS: Final = frozenset({"start", "unstop", "시작", "재개", "다시시작"})


def word(text: str) -> Word | None:
    """The whole text, whatever its case, blanks and marks; a longer sentence is none."""
    said = re.sub(r"[\W_]", "", text).casefold()
    if said in STOPS:
        return Word.STOP
    return Word.START if said in STARTS else None
