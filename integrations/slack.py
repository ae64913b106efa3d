"""Slack's Web API by its own library; the outbox owns the retries."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

__all__ = ["SlackApiError", "SlackClientError", "find", "post"]

EVENT: Final = "bongsu"  # the metadata by which we find our own messages again


@cache
def _client() -> WebClient:
    return WebClient(
        settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL, timeout=5, retry_handlers=[]
    )


def post(channel: str, *, text: str, blocks: list[dict[str, Any]], key: str) -> str:
    """Post to a channel or, by a person's id, to them directly; the message's ts."""
    answer = _client().chat_postMessage(
        channel=channel,
        text=text,
        blocks=blocks,
        metadata={"event_type": EVENT, "event_payload": {"key": key}},
        unfurl_links=False,
    )
    return str(answer["ts"])


def find(channel: str, *, key: str, since: datetime) -> str | None:
    """The ts of the message we posted with this key, if Slack has it."""
    if channel.startswith("U"):
        channel = _client().conversations_open(users=channel)["channel"]["id"]
    history = _client().conversations_history(
        channel=channel, include_all_metadata=True, oldest=str(since.timestamp() - 60), limit=100
    )
    messages: list[dict[str, Any]] = history.get("messages") or []
    for message in messages:
        if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
            return str(message["ts"])
    return None
