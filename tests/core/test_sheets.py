"""A class belongs to one sheet: two that style the same one change each other's pages where both are loaded."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SHEETS: Final = Path("static/css")
APART: Final = {"status", "print", "console"}  # each is loaded without the others
# Agreed on: a page's own sheet adds to what the components began, or two pages that never meet say one word.
# A sheet that comes to own one of them alone takes it off the list; a new name is no way onto it.
SHARED: Final = {
    "all-well", "badge", "buttons", "course", "find", "find-what", "form", "glimpse", "head", "head-line",
    "hushes", "key", "kinds", "lead", "legend", "messages", "pair", "past", "reading", "room", "row", "row-head",
    "rows", "stale",
}  # fmt: skip


def test_a_class_is_styled_at_the_top_of_one_sheet_only() -> None:
    homes = defaultdict(set)
    for sheet in SHEETS.glob("*.css"):
        if sheet.stem not in APART:
            for name in own_classes(sheet.read_text(encoding="utf-8")):
                homes[name].add(sheet.stem)

    assert {name for name, sheets in homes.items() if len(sheets) > 1} == SHARED


def own_classes(text: str) -> Iterator[str]:
    """Classes that begin a rule which stands in no other rule: what is nested belongs to its parent."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    depth: list[str] = []
    for said, sign in re.findall(r"([^{};]*)([{};])", text):
        if sign == "}":
            depth.pop()
        if sign == "{":
            if all(one.startswith("@") for one in depth):
                yield from re.findall(r"(?:^|,)\s*\.([a-z][\w-]*)", said.strip())
            depth.append(said.strip())
