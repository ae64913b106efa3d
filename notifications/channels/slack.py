import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from integrations import slack
from notifications.channel import Channel, DeliveryError, Message, Taken
from notifications.channels.webhook import posted
from notifications.registry import channels

ACKNOWLEDGE, DECLINE = "acknowledge", "decline"  # buttons' names, by which a press is known


@channels.register("slack")
class Slack(Channel):
    """A person's or channel's id by the Web API, or an incoming webhook's address."""

    def send(self, message: Message, address: str) -> Taken:
        blocks, text = _blocks(message), slack.escaped(message.subject)
        if address.startswith("http"):
            reply = message.facts.get("reply", {})  # where the address is the way back of a press
            body = json.dumps({"text": text, "blocks": blocks} | reply).encode()
            said = posted(address, body, {"Content-Type": "application/json"})
            if said.lstrip().startswith("<"):
                raise DeliveryError("a web page answered instead of Slack", permanent=False)
            return Taken(said or message.key)
        try:
            if message.instead_of:
                slack.rewrite(message.instead_of, text=text, blocks=blocks)
                return Taken(message.instead_of)
            return Taken(slack.post(address, text=text, blocks=blocks, key=message.key))
        except slack.SlackRefused as error:
            raise _refused(error) from error
        except slack.SlackUnanswered as error:
            raise DeliveryError(str(error), permanent=False) from error

    def find(self, message: Message, address: str) -> Taken | None:
        if address.startswith("http") or message.instead_of:
            return None  # an incoming webhook cannot be asked; what is rewritten may be so twice
        try:
            ts = slack.find(address, key=message.key, since=message.first_tried_at)
        except (slack.SlackRefused, slack.SlackUnanswered):
            return None  # cannot tell: better a repeat than silence
        return Taken(ts) if ts else None


def _refused(error: slack.SlackRefused) -> DeliveryError:
    return DeliveryError(error.reason, permanent=not error.passing, retry_after=error.wait)


def _blocks(message: Message) -> list[dict[str, Any]]:
    said = {"type": "mrkdwn", "text": slack.escaped(message.text)[:3000]}
    return [{"type": "section", "text": said}, *_below(message)]


def _below(message: Message) -> list[dict[str, Any]]:
    """The buttons of a page; under one that was answered, who did."""
    if answered := message.facts.get("answered"):
        words = {"type": "mrkdwn", "text": f"✓ {slack.escaped(answered)}"}
        return [{"type": "context", "elements": [words]}]
    if not message.link:
        return []  # it only tells
    with override(message.language):
        look = _button(_("Open and answer"), action_id="open", url=message.link)
        act = _button(_("I am on it"), action_id=ACKNOWLEDGE, value=message.key, style="primary")
        cannot = _button(_("I cannot take it"), action_id=DECLINE, value=message.key)
    # Whoever was called in by name is waited for, whoever else has answered.
    waits = message.facts.get("status") == "triggered" or message.facts.get("caller")
    return [{"type": "actions", "elements": [act, cannot, look] if waits else [look]}]


def _button(label: str, **what: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, **what}
