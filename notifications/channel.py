"""The contract of a channel: one file in `notifications/channels/` for each way to reach somebody."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any


class DeliveryError(Exception):
    """`permanent` alone decides between trying again and giving up."""

    def __init__(
        self,
        text: str,
        *,
        permanent: bool,
        retry_after: int | None = None,
        of_address: bool = False,
    ) -> None:
        super().__init__(text)
        self.of_address = of_address  # it would be the same with other words, by whoever sends them
        self.permanent = permanent
        self.retry_after = retry_after  # seconds the provider asked for


@dataclass(frozen=True)
class Taken:
    """Handed over: the provider's name for it, who took it, and what those said who did not."""

    id: str
    by: str = ""
    before: str = ""


@dataclass(frozen=True)
class Message:
    """What is to be said, in the recipient's language; only the form a channel asks for is made."""

    key: str  # the same for every attempt: providers and receivers can tell a repeat by it
    link: str  # "" where no answer is asked for
    keys: str  # where a call sends the key that was pressed, or ""
    status: str  # where a provider says what became of it
    language: str
    facts: Mapping[str, Any]  # for machines
    first_tried_at: datetime
    form: Callable[[str], str]  # the text of one of the template's files
    instead_of: str = ""  # the provider's name for the message in whose place this one stands

    @cached_property
    def subject(self) -> str:
        return self.form("subject.txt")

    @cached_property
    def text(self) -> str:
        return self.form("text.txt")

    @cached_property
    def html(self) -> str:
        return self.form("mail.html")

    @cached_property
    def short(self) -> str:
        """For SMS."""
        return self.form("short.txt")

    @cached_property
    def spoken(self) -> str:
        """For a voice call."""
        return self.form("spoken.txt")


class Channel(ABC):
    @abstractmethod
    def send(self, message: Message, address: str) -> Taken:
        """Hand it over. Raises DeliveryError."""

    def find(self, message: Message, address: str) -> Taken | None:
        """An earlier attempt that did arrive, where the provider can tell.

        Asked before a repeat; receivers that recognise our key themselves need no asking.
        """
        return None
