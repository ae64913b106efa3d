"""Slack's Web API by its own library; the outbox owns the retries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

if TYPE_CHECKING:
    from slack_sdk import WebClient

TEMPORARY: Final = {
    "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
}  # fmt: skip
# Slack gives its reason in one word; a sentence is about something in between that answered for it.
ONE_WORD: Final = re.compile(r"[a-z_]+")
BETWEEN: Final = "/"  # the conversation and the ts, in a message's name
EVENT: Final = "bongsu"  # the metadata by which we find our own messages again


class SlackRefused(Exception):
    """Slack, or something before it, said no: its one-word reason, or the HTTP status."""

    def __init__(self, reason: str, *, status: int, retry_after: str) -> None:
        super().__init__(reason)
        self.reason, self.status, self.retry_after = reason, status, retry_after

    @property
    def passing(self) -> bool:
        """Whether trying again later can help."""
        return self.status >= 429 or self.reason in TEMPORARY or not ONE_WORD.fullmatch(self.reason)

    @property
    def wait(self) -> int | None:
        """Seconds it asked for."""
        return min(int(self.retry_after), 300) if self.retry_after.isdigit() else None


class SlackUnanswered(Exception):
    """No answer, or one that cannot be read."""


@cache
def client() -> "WebClient":
    # Loaded by the process that sends, not by every process that knows the channel: 3 MB each.
    from slack_sdk import WebClient  # noqa: PLC0415

    return WebClient(
        settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=5, retry_handlers=[]
    )


@contextmanager
def explained() -> Iterator[None]:
    from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415

    try:
        yield
    except SlackApiError as error:
        answer: Any = error.response
        data = answer.data if isinstance(answer.data, dict) else {}
        raise SlackRefused(
            str(data.get("error") or f"HTTP {answer.status_code}"),
            status=answer.status_code,
            retry_after=str(answer.headers.get("Retry-After", "")),
        ) from error
    except (SlackClientError, OSError, ValueError) as error:
        raise SlackUnanswered(str(error)) from error


@explained()
def post(channel: str, *, text: str, blocks: list[dict[str, Any]], key: str) -> str:
    """Post to a channel or, by a person's id, to them directly; the message's name.

    Raises SlackRefused or SlackUnanswered; so do `rewrite` and `find`.
    """
    answer = client().chat_postMessage(
        channel=channel,
        text=text,
        blocks=blocks,
        metadata={"event_type": EVENT, "event_payload": {"key": key}},
        unfurl_links=False,
    )
    return _name(str(answer["channel"]), str(answer["ts"]))


@explained()
def rewrite(name: str, *, text: str, blocks: list[dict[str, Any]]) -> None:
    """Other words in the place of a message of ours: the same, however often it is asked for."""
    channel, _, ts = name.partition(BETWEEN)
    client().chat_update(channel=channel, ts=ts, text=text, blocks=blocks)


@explained()
def find(channel: str, *, key: str, since: datetime) -> str | None:
    """The name of the message we posted with this key, if Slack has it."""
    if channel.startswith("U"):
        channel = client().conversations_open(users=channel)["channel"]["id"]
    history = client().conversations_history(
        channel=channel, include_all_metadata=True, oldest=str(since.timestamp() - 60), limit=100
    )
    messages: list[dict[str, Any]] = history.get("messages") or []
    for message in messages:
        if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
            return _name(channel, str(message["ts"]))
    return None


def _name(channel: str, ts: str) -> str:
    """What a message is called for good: a person's id or a channel's name would not find it again."""
    return f"{channel}{BETWEEN}{ts}"


def escaped(text: str) -> str:
    """As words: no link, no mention, no formatting of Slack's own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
