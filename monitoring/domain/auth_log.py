"""Failures of ssh, sudo and su in the lines that sshd and they write, within some minutes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

# "Nov 28 20:03:58", as syslog wrote for forty years, or RFC 3339 (journald leaves out the colon).
LINE: Final = re.compile(
    r"(?:<\d+>)?(?P<at>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.,]+(?:Z|[+-]\d\d:?\d\d))"
    r" \S+ (?P<program>[\w.-]+)(?:\[\d+\])?: (?P<text>.*)"
)
REPEATED: Final = re.compile(r"message repeated (\d{1,6}) times: \[ (.*)\]")
FAILED: Final = re.compile(r"Failed [\w/-]+ for .* from (\S+) port \d+")
UNKNOWN: Final = re.compile(r"Invalid user .* from \S+")
SUDO: Final = re.compile(
    r"\s*\S+ : (?:(\d{1,4}) incorrect password attempts?|user NOT in sudoers|command not allowed)"
)
SU: Final = re.compile(r"FAILED SU |FAILED su for ")
AHEAD: Final = timedelta(days=1)  # a line without a year that would be later is of last year


class Failures:
    def __init__(self) -> None:
        self.counts = Counter[str]()
        self.addresses = set[str]()

    def hear(self, program: str, text: str) -> None:
        times = 1
        if repeated := REPEATED.match(text):
            times, text = int(repeated[1]), repeated[2]
        if program.startswith("sshd"):
            if failed := FAILED.match(text):
                self.counts["ssh"] += times
                self.addresses.add(failed[1])
            elif UNKNOWN.match(text):
                self.counts["ssh_unknown"] += times
        elif program == "sudo" and (said := SUDO.match(text)):
            self.counts["sudo"] += times * int(said[1] or 1)
        elif program == "su" and SU.match(text):
            self.counts["su"] += times


def failures(lines: Sequence[str], *, since: datetime, at: datetime) -> Failures:
    """Of the lines from then on, from the end: of a long log only the end is looked at."""
    found = Failures()
    for line in reversed(lines):
        if not (read := LINE.match(line)):
            continue
        if (moment(read["at"], at=at) or since) < since:
            break
        found.hear(read["program"], read["text"])
    return found


def first_moment(lines: Iterable[str], *, at: datetime) -> datetime | None:
    return next(
        (
            found
            for line in lines
            if (read := LINE.match(line)) and (found := moment(read["at"], at=at))
        ),
        None,
    )


def moment(text: str, *, at: datetime) -> datetime | None:
    """When a line says that it was written, without a zone in that of `at`; None for no time."""
    try:
        if text[0].isdigit():
            return datetime.fromisoformat(text.replace(",", "."))
        found = datetime.strptime(f"{at.year} {text}", "%Y %b %d %H:%M:%S").replace(
            tzinfo=at.tzinfo
        )
        if found > at + AHEAD:
            found = found.replace(year=at.year - 1)
    except ValueError:
        return None
    return found
