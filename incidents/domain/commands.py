"""What somebody asks of us in a chat or by text message."""

import re
from dataclasses import dataclass
from typing import Final

from incidents.domain import replies
from incidents.domain.replies import Decline, Reply

LONGEST_TITLE: Final = 1024
NUMBER: Final = r"(?:\s*[:,]?\s*(?P<sign>#)?(?P<number>\d{1,9})(?=$|[\s:,.!]))?"


@dataclass(frozen=True)
class ListOpen:
    """The incidents that are open."""


@dataclass(frozen=True)
class Who:
    """Who is on call now and next."""


@dataclass(frozen=True)
class Declare:
    severity: str
    title: str


@dataclass(frozen=True)
class About:
    """One incident; without a number, the only one that is open."""

    number: int | None = None


class Show(About):
    """How it stands."""


class Mitigate(About):
    """Customers no longer feel it."""


class Resolve(About):
    """It is over."""


@dataclass(frozen=True)
class Note(About):
    text: str = ""
    sure: bool = True  # False: the number may as well be the first word of the note


@dataclass(frozen=True)
class Code:
    """What a grave command that came by text message waits for."""

    digits: str


@dataclass(frozen=True)
class Help:
    """Also the answer to whatever cannot be read."""


Command = (
    ListOpen | Who | Declare | Show | Mitigate | Resolve | Note | Code | Help | Reply | Decline
)
Grave = Declare | Mitigate | Resolve  # it pages people, or stops that they are

PLAIN: Final[dict[str, Command]] = {
    **dict.fromkeys(("", "list", "open", "목록"), ListOpen()),
    **dict.fromkeys(("who", "oncall", "on call", "on-call", "당직", "누구"), Who()),
}
ABOUT: Final[dict[type[Show | Mitigate | Resolve], str]] = {
    Show: r"(?:status|show|상태|상황)\??",
    Mitigate: "(?:mitigate|mitigated|완화)",  # with a question mark it asks
    Resolve: "(?:resolve|resolved|해결)",
}
DECLARE: Final = re.compile(
    r"(?:declare|선언|발생)\s+(?P<severity>p[0-3])\s+(?P<title>.+)", re.IGNORECASE | re.DOTALL
)
NOTE: Final = re.compile(rf"(?:note|메모){NUMBER}[\s:,]+(?P<text>\S.*)", re.IGNORECASE | re.DOTALL)
CODE: Final = re.compile(r"[0-9]{3}[ -]?[0-9]{3}")


def written(command: Grave) -> str:
    """As it is read again, to the same end."""
    if isinstance(command, Declare):
        return f"declare {command.severity} {command.title}"
    number = "" if command.number is None else f" {command.number}"
    return f"{'mitigate' if isinstance(command, Mitigate) else 'resolve'}{number}"


def read(text: str) -> Command:
    words = text.strip()
    if CODE.fullmatch(words):
        return Code(words)
    if plain := PLAIN.get(words.lower().rstrip("?!.")):
        return plain
    if found := DECLARE.fullmatch(words):
        title = " ".join(found["title"].split())
        return Declare(found["severity"].upper(), title[:LONGEST_TITLE])
    if found := NOTE.fullmatch(words):
        number = int(found["number"]) if found["number"] else None
        return Note(number, found["text"].strip(), sure=bool(found["sign"]) or number is None)
    for kind, verb in ABOUT.items():
        if found := re.fullmatch(rf"{verb}{NUMBER}\s*[.!]*", words, re.IGNORECASE):
            return kind(int(found["number"]) if found["number"] else None)
    return replies.read(words) or Help()
