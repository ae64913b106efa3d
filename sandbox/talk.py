"""What the recipient of a message can answer right from its card, and what came of it."""

from collections.abc import Mapping
from html import escape
from typing import Any

from sandbox.inbox import Receipt

Words = Mapping[str, str]


def talk(receipt: Receipt, words: Words) -> str:
    """The exchange so far, and the box for the next word; only what arrived can be answered."""
    if receipt.reason or receipt.channel != "sms":
        return ""
    said = "".join(_exchange(each, words) for each in receipt.answers)
    return (f'<ol class="talk">{said}</ol>' if said else "") + _reply(receipt, words)


def _exchange(one: Mapping[str, Any], words: Words) -> str:
    look = "heard" if 200 <= one["status"] < 300 else "heard failed"
    return (
        f'<li class="said">{escape(one["said"])}</li><li class="{look}">{_heard(one, words)}</li>'
    )


def _heard(one: Mapping[str, Any], words: Words) -> str:
    if not one["status"]:
        return escape(words["no_answer"].format(why=one["heard"]))
    heard = escape(one["heard"] or words["silence"])
    return heard if one["status"] == 200 else f'<b class="num">HTTP {one["status"]}</b> {heard}'


def _reply(receipt: Receipt, words: Words) -> str:
    to = f'<input type="hidden" name="recipient" value="{escape(receipt.to)}">'
    of = f'<input type="hidden" name="message" value="{receipt.id}">'
    yes = escape(words["yes"])
    return f"""<div class="answer">
<form method="post" action="/reply">{to}{of}<button class="btn" name="text" value="{yes}">{yes}</button></form>
<form method="post" action="/reply">{to}{of}<input name="text" required maxlength="1600"
 placeholder="{escape(words["reply"])}" aria-label="{escape(words["reply"])}">
<button class="btn">{escape(words["send"])}</button></form></div>"""
