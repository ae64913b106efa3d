"""What the recipient of a message can answer right from its card, and what came of it."""

from collections.abc import Mapping
from html import escape
from typing import Any

from sandbox import twiml
from sandbox.blocks import buttons
from sandbox.inbox import Receipt

Words = Mapping[str, str]


def talk(receipt: Receipt, words: Words) -> str:
    """The exchange so far, and the box for the next word; only what arrived can be answered."""
    ways = {"sms": _reply, "voice": _keys, "slack": _buttons}
    if receipt.reason or receipt.channel not in ways:
        return ""
    said = "".join(_exchange(each, words) for each in receipt.answers)
    exchange = f'<ol class="talk">{said}</ol>' if said else ""
    return f'{exchange}<div class="answer">{ways[receipt.channel](receipt, words)}</div>'


def _exchange(one: Mapping[str, Any], words: Words) -> str:
    look = "heard" if 200 <= one["status"] < 300 else "heard failed"
    said = f'<li class="said">{escape(one["said"])}</li>' if one["said"] else ""
    heard = _heard(one, words)
    return said + (f'<li class="{look}">{heard}</li>' if heard else "")


def _heard(one: Mapping[str, Any], words: Words) -> str:
    if not one["status"]:
        return escape(words["no_answer"].format(why=one["heard"]))
    heard = escape(one["heard"])
    return heard if one["status"] == 200 else f'<b class="num">HTTP {one["status"]}</b> {heard}'


def _reply(receipt: Receipt, words: Words) -> str:
    yes = escape(words["yes"])
    box = (
        f'<input name="text" required maxlength="1600" placeholder="{escape(words["reply"])}" '
        f'aria-label="{escape(words["reply"])}"><button class="btn">{escape(words["send"])}</button>'
    )
    quick = f'<button class="btn" name="text" value="{yes}">{yes}</button>'
    return _form("/reply", receipt, quick) + _form("/reply", receipt, box)


def _keys(receipt: Receipt, words: Words) -> str:
    """The keys while the call asks for one; a call that is over has none."""
    if not twiml.read(receipt.details.get("now", receipt.details["twiml"])).action:
        return ""
    labels = {"1": "1", "2": "2", "3": "3", "": words["no_key"]}
    buttons = [
        f'<button class="btn num" name="key" value="{key}">{escape(label)}</button>'
        for key, label in labels.items()
    ]
    return _form("/press", receipt, "".join(buttons))


def _buttons(receipt: Receipt, words: Words) -> str:
    """In a channel anybody may press: who does is asked for."""
    found = buttons(receipt.details.get("message", {}).get("blocks"))
    if not found:
        return ""
    who = (
        f'<input name="user" required pattern="[UW][A-Z0-9]{{2,}}" placeholder="U0000003" '
        f'aria-label="{escape(words["who"])}">'
        if not receipt.to.startswith(("U", "W"))
        else ""
    )
    pressed = "".join(
        f'<button class="btn" name="action" value="{escape(each.action)}">{escape(each.label)}</button>'
        for each in found
    )
    return _form("/slack/press", receipt, who + pressed)


def _form(action: str, receipt: Receipt, inside: str) -> str:
    return (
        f'<form method="post" action="{action}">'
        f'<input type="hidden" name="recipient" value="{escape(receipt.to)}">'
        f'<input type="hidden" name="message" value="{receipt.id}">{inside}</form>'
    )
