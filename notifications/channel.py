"""The contract of a channel: one file in `notifications/channels/` for each way to reach somebody."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class DeliveryError(Exception):
    """`permanent` alone decides between trying again and giving up."""

    def __init__(self, text: str, *, permanent: bool, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.retry_after = retry_after  # seconds the provider asked for


@dataclass(frozen=True)
class Message:
    """What is to be said, in the recipient's language, in the forms that channels need."""

    key: str  # the same for every attempt: providers and receivers can tell a repeat by it
    subject: str
    text: str
    html: str
    short: str  # for SMS
    spoken: str  # for a voice call
    link: str
    language: str
    facts: Mapping[str, Any]  # for machines
    first_tried_at: datetime


class Channel(ABC):
    @abstractmethod
    def send(self, message: Message, address: str) -> str:
        """Hand it over; the provider's id. Raises DeliveryError."""

    def find(self, message: Message, address: str) -> str | None:
        """The provider's id if an earlier attempt did arrive, where the provider can tell.

        Asked before a repeat; receivers that recognise our key themselves need no asking.
        """
        return None
