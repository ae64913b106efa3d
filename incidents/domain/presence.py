"""Who is looking at a room: said again every 20 seconds, believed for 45."""

from datetime import timedelta
from typing import Final

SAID_AGAIN: Final = timedelta(seconds=15)  # two tabs, or a hurried one, write no more often
BELIEVED: Final = timedelta(seconds=45)  # one beat may be lost


def initials(name: str) -> str:
    """Two letters by which colleagues know each other: 하늘 of 김하늘, DR of Daniel Reyes."""
    words = name.split()
    if len(words) > 1:
        return (words[0][:1] + words[-1][:1]).upper()
    whole = words[0] if words else "?"
    is_korean = all("가" <= letter <= "힣" for letter in whole)
    return whole[-2:] if is_korean else whole[:2].upper()
