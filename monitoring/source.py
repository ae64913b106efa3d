"""The contract of an alert source: one file in `monitoring/sources/` for each wire format."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime

from monitoring.domain.alerts import Signal

if TYPE_CHECKING:
    from monitoring.models import Integration

JSON = Any  # what json.loads gives


class BadPayload(Exception):
    """The body is not what the source's format says; `reasons` are for whoever sends it."""

    status = 400

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


class NotGenuine(BadPayload):
    """The token is right, but the body is not signed as this integration asks."""

    status = 401


class NotNow(BadPayload):
    """It cannot be told now whether to take it: the sender shall come again."""

    status = 503


@dataclass(frozen=True)
class Call:
    """What a sender sent, before anything of it is believed."""

    body: bytes
    payload: JSON  # None when there is a `fault`
    at: datetime
    fault: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # any case finds them
    parts: Mapping[str, str] = field(default_factory=dict)  # of the address, besides the token
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """What became of one signal."""

    key: str
    is_new: bool
    alert: int = 0  # the alert it is about; 0: there was nothing to end or to acknowledge


@dataclass(frozen=True)
class Answer:
    status: int
    body: JSON = None  # None: an empty body


class Source(ABC):
    """Turns one sender's format into signals, and speaks its answers.

    `path` is where senders post below the root, with `<token>` unless the token is in the body.
    """

    path: str  # a literal with `<token>`
    more_paths: Sequence[str] = ()  # where it posts what becomes of an alert, if not there
    methods: Sequence[str] = ("POST",)
    key_in_body = False  # then a body without one is a bad body, and told so
    wants_topic = False  # its integrations name the one topic they believe
    can_sign = False  # its integrations may ask for a signature, made with a secret of their own

    @abstractmethod
    def signals(self, call: Call) -> Sequence[Signal]:
        """Every alert in the payload; raises BadPayload with all reasons."""

    def token_in(self, call: Call) -> str:
        """The token, for a format that carries it in the body or in a header."""
        return ""

    def vouch(self, call: Call, integration: "Integration") -> None:  # noqa: B027 - most sign nothing
        """Raises NotGenuine for what somebody else than the sender may have written."""

    def message_id(self, call: Call) -> str:
        """The id of a message that a sender may repeat, and that counts once; "" where none does."""
        return ""

    def settle(self, call: Call) -> None:  # noqa: B027 - most ask for nothing
        """Does what the sender asks for before it sends alerts. Raises BadPayload."""

    def accepted(self, call: Call, stored: Sequence[Stored]) -> Answer:
        return Answer(200)

    def refused(self, status: int, reasons: Sequence[str]) -> Answer:
        return Answer(status, {"error": "; ".join(reasons)})

    def addressed(self, base_url: str, token: str) -> str:
        """The address to give to the sender."""
        return f"{base_url}/{self.path.replace('<token>', token)}"


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def text(value: JSON, limit: int = 1024) -> str:
    """Any JSON value as text that PostgreSQL can hold, at most `limit` characters."""
    if value is None:
        return ""
    return _UNSTORABLE.sub("\ufffd", value if isinstance(value, str) else str(value))[
        :limit
    ].strip()


def flat(value: JSON) -> dict[str, str]:
    """A mapping of labels: names to texts, at most a hundred, empty ones dropped."""
    if not isinstance(value, Mapping):
        return {}
    pairs = ((text(name, 255), text(content)) for name, content in list(value.items())[:100])
    return {name: content for name, content in pairs if name and content}


def moment(value: JSON) -> datetime | None:
    """An RFC 3339 time; the zero time of Go and anything unreadable is None.

    So is the last year there is: in some time zone it is over already, and no longer a time.
    """
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or not 1971 <= found.year < MAXYEAR:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def first(mapping: Mapping[str, JSON], *names: str) -> JSON:
    """The value of the first of these names that is there and not empty."""
    return next((mapping[name] for name in names if mapping.get(name) not in (None, "")), None)


_NUMBERED = re.compile(r"\S*\d\S*")


def likeness(title: str) -> str:
    """Titles that differ only in numbers, hosts or ids are about the same trouble."""
    return _NUMBERED.sub("#", title)[:255]
