import json
import re
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from integrations import slack
from notifications.channel import Channel, DeliveryError, Message
from notifications.channels.webhook import posted
from notifications.registry import channels

TEMPORARY: Final = {
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}
# Slack gives its reason in one word; a sentence is about something in between that answered for it.
ONE_WORD: Final = re.compile(r"[a-z_]+")


@channels.register("slack")
class Slack(Channel):
    """A person's or channel's id by the Web API, or an incoming webhook's address."""

    def send(self, message: Message, address: str) -> str:
        blocks, text = _blocks(message), _escaped(message.subject)
        if address.startswith("http"):
            body = json.dumps({"text": text, "blocks": blocks}).encode()
            said = posted(address, body, {"Content-Type": "application/json"})
            if said.lstrip().startswith("<"):
                raise DeliveryError("a web page answered instead of Slack", permanent=False)
            return said or message.key
        try:
            return slack.post(address, text=text, blocks=blocks, key=message.key)
        except slack.SlackRefused as error:
            raise _refused(error) from error
        except slack.SlackUnanswered as error:
            raise DeliveryError(str(error), permanent=False) from error

    def find(self, message: Message, address: str) -> str | None:
        if address.startswith("http"):
            return None  # an incoming webhook cannot be asked
        try:
            return slack.find(address, key=message.key, since=message.first_tried_at)
        except (slack.SlackRefused, slack.SlackUnanswered):
            return None  # cannot tell: better a repeat than silence


def _refused(error: slack.SlackRefused) -> DeliveryError:
    reason, wait = error.reason, error.retry_after
    passing = error.status >= 429 or reason in TEMPORARY or not ONE_WORD.fullmatch(reason)
    return DeliveryError(
        reason, permanent=not passing, retry_after=min(int(wait), 300) if wait.isdigit() else None
    )


def _blocks(message: Message) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": _escaped(message.text)[:3000]}}
    ]
    if message.link:
        with override(message.language):
            label = _("Open and answer")
        button = {
            "type": "button",
            "style": "primary",
            "text": {"type": "plain_text", "text": label},
            "url": message.link,
        }
        blocks.append({"type": "actions", "elements": [button]})
    return blocks


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
