"""Who is looking at a room: said again every 20 seconds, believed for 45."""

from datetime import timedelta
from typing import Final

SAID_AGAIN: Final = timedelta(seconds=15)  # two tabs, or a hurried one, write no more often
BELIEVED: Final = timedelta(seconds=45)  # one beat may be lost


def initials(name: str) -> str:
    """Two letters by which colleagues know each other: 하늘 of 김하늘, 민수 of 남궁 민수, DR of Daniel Reyes."""
    words = name.split() or ["?"]
    last = words[-1]
    if all("가" <= letter <= "힣" for letter in last):
        return last[-2:] if len(words) == 1 else last[:2]
    if len(words) > 1:
        return (words[0][:1] + last[:1]).upper()
    return last[:2].upper()
