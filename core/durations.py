"""Lengths of time in words ("1시간 5분", "1 h 5 min") and on a clock ("03:41")."""

from datetime import timedelta
from typing import NamedTuple

SIZES = (86_400, 3_600, 60, 1)
UNITS = {"ko": ("일", "시간", "분", "초"), "en": ("d", "h", "min", "s")}
SPACE = {"ko": "", "en": "\N{NO-BREAK SPACE}"}  # a number never parts from its unit at a line's end


class Part(NamedTuple):
    number: int
    unit: str


def parts(span: timedelta, *, language: str, most: int = 2) -> tuple[Part, ...]:
    """The largest units of a span's magnitude, rounded down so that time left is never overstated.

    The units follow each other: 2 d 5 s is (2 d), since saying "2 d 5 s" would hide the hours.
    """
    counts = _counts(_seconds(span))
    first = next((index for index, count in enumerate(counts) if count), len(counts) - 1)
    shown = list(zip(counts, UNITS[_known(language)], strict=True))[first : first + most]
    return tuple(Part(*part) for part in shown[:1] + [part for part in shown[1:] if part[0]])


def words(span: timedelta, *, language: str, most: int = 2) -> str:
    """A span's magnitude in words; whether it is left or overdue is for the sentence around it."""
    space = SPACE[_known(language)]
    return " ".join(
        f"{part.number}{space}{part.unit}" for part in parts(span, language=language, most=most)
    )


def clock(span: timedelta) -> str:
    """Minutes and seconds, with hours when there are any: 03:41, 1:03:41, −00:30."""
    minutes, seconds = divmod(_seconds(span), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "\N{MINUS SIGN}" if span < timedelta(0) and hours + minutes + seconds else ""
    return (
        f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes:02}:{seconds:02}"
    )


def _seconds(span: timedelta) -> int:
    return abs(span) // timedelta(seconds=1)


def _counts(seconds: int) -> list[int]:
    counts = []
    for size in SIZES:
        count, seconds = divmod(seconds, size)
        counts.append(count)
    return counts


def _known(language: str) -> str:
    return "ko" if language.startswith("ko") else "en"
