"""What somebody asks of us in a chat, after the name of the command."""

import re
from dataclasses import dataclass
from typing import Final

from incidents.domain import replies
from incidents.domain.replies import Reply

LIST: Final = {"", "list", "open", "목록"}
DECLARE: Final = re.compile(
    r"(?:declare|선언|발생)\s+(?P<severity>p[0-3])\s+(?P<title>.+)", re.IGNORECASE | re.DOTALL
)
LONGEST_TITLE: Final = 1024


@dataclass(frozen=True)
class ListOpen:
    """The incidents that are open."""


@dataclass(frozen=True)
class Declare:
    severity: str
    title: str


@dataclass(frozen=True)
class Help:
    """Also the answer to whatever cannot be read."""


Command = ListOpen | Declare | Help | Reply


def read(text: str) -> Command:
    words = text.strip()
    if words.lower() in LIST:
        return ListOpen()
    if found := DECLARE.fullmatch(words):
        title = " ".join(found["title"].split())
        return Declare(found["severity"].upper(), title[:LONGEST_TITLE])
    return replies.read(words) or Help()
