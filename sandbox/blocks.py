"""The buttons in a message of Slack's Block Kit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Button:
    action: str
    label: str
    raw: dict[str, Any]


def buttons(blocks: Any) -> list[Button]:
    """Those that tell the product when they are pressed; one with an address only opens it."""
    return [
        Button(str(each["action_id"]), str(each["text"]["text"]), each)
        for each in _elements(blocks)
        if each.get("type") == "button" and each.get("action_id") and not each.get("url")
    ]


def _elements(blocks: Any) -> Iterator[dict[str, Any]]:
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict) and block.get("type") == "actions":
            yield from (each for each in block.get("elements", []) if isinstance(each, dict))
