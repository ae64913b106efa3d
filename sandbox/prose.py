"""Text as safe HTML with links that work; Slack's mrkdwn and blocks as text."""

import re
from html import escape, unescape
from typing import Any

# Only characters a URL may have, so that a Korean particle right behind it stays outside.
URL = r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&()*+,;=%]+"
LINK = re.compile(rf"<(?P<target>{URL})(?:\|(?P<label>[^>\n]*))?>|(?P<bare>{URL})")
BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")


def linked(text: str) -> str:
    return _woven(text, escape)


def mrkdwn(text: str) -> str:
    """Slack escapes &, < and > in what is said; that is undone before ours."""
    return _woven(text, lambda plain: BOLD.sub(r"<b>\1</b>", escape(unescape(plain))))


def blocks_as_mrkdwn(blocks: list[Any]) -> str:
    return "\n".join(line for block in blocks if (line := _said(block)))


def _woven(text: str, render: Any) -> str:
    parts, end = [], 0
    for found in LINK.finditer(text):
        parts += [render(text[end : found.start()]), _anchor(found)]
        end = found.end()
    return "".join([*parts, render(text[end:])])


def _anchor(found: re.Match[str]) -> str:
    target = unescape(found["target"] or found["bare"])
    stop = "" if found["target"] else target[len(target.rstrip(".,;:!?)]")) :]
    target = target.removesuffix(stop)
    label = unescape(found["label"] or target)
    opening = f'<a href="{escape(target)}" target="_blank" rel="noreferrer">'
    return f"{opening}{escape(label)}</a>{stop}"


def _said(block: Any) -> str:
    """What one Block Kit element says: its own text, then that of what it holds."""
    if not isinstance(block, dict):
        return ""
    text = _text(block)
    title = f"*{text}*" if block.get("type") == "header" else text
    parts = [title, *map(_text, block.get("fields") or [])]
    held = [*(block.get("elements") or []), block.get("accessory")]
    return "\n".join(part for part in [*parts, "  ".join(filter(None, map(_held, held)))] if part)


def _held(element: Any) -> str:
    if not isinstance(element, dict):
        return ""
    if element.get("type") != "button":
        return _said(element)
    # One without an address is pressed on the card, where it stands as a real button.
    return f"[<{element['url']}|{_text(element)}>]" if element.get("url") else ""


def _text(block: Any) -> str:
    text = block.get("text") if isinstance(block, dict) else ""
    return str(text.get("text") or "") if isinstance(text, dict) else str(text or "")
