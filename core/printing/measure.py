"""How wide text will be in print, well enough to decide where it goes."""

from bisect import bisect_right
from itertools import accumulate
from unicodedata import east_asian_width

# Shares of the font size, measured in Pretendard SemiBold and rounded up.
WIDE, CAPITAL, NARROW, THIN, SPACE = 0.87, 0.73, 0.62, 0.38, 0.27
THIN_LETTERS = frozenset("fijlrtI.,:;·'|!()[]{}-/“”‘’")
ELLIPSIS = "…"


def width(text: str, size: float = 1.0) -> float:
    return size * sum(map(_share, text))


def shorten(text: str, room: float, size: float = 1.0) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size) <= room:
        return text
    ends = list(accumulate(map(_share, text)))
    kept = text[: bisect_right(ends, room / size - WIDE)]
    return kept.rstrip() + ELLIPSIS


def opening(text: str, room: float) -> str:
    """The first paragraph; when it is wider than the room, as many whole sentences as fit."""
    first = text.strip().split("\n\n", 1)[0]
    kept = shorten(first, room)
    if kept == first:
        return first
    sentence = max(kept.rfind(mark) for mark in (". ", "! ", "? "))
    return kept[: sentence + 1] if sentence > len(kept) // 3 else kept


def _share(letter: str) -> float:
    if letter.isspace():
        return SPACE
    if east_asian_width(letter) in "WF":
        return WIDE
    if letter in THIN_LETTERS:
        return THIN
    if letter in "mwMW@%—" + ELLIPSIS:
        return WIDE
    return CAPITAL if letter.isupper() else NARROW
