"""The tables in a page of the documentation: replaced between their marks, of each measure what is new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.table import HEADINGS, Section, alone, drawn, read

FIGURES: Final = "figures"


def replace(page: Path, machine: str, sections: Sequence[Section], order: Sequence[str]) -> None:
    """What was not measured this time stays as it is there."""
    text = page.read_text(encoding="utf-8")
    usual = [section for section in sections if section.headings == HEADINGS]
    if usual:
        names = {section.name for section in usual}
        kept = [section for section in read(_between(text, FIGURES)) if section.name not in names]
        both = sorted([*usual, *kept], key=lambda section: order.index(section.name))
        text = _put(text, FIGURES, f"{machine}\n\n{drawn(both)}")
    for section in sections:
        if section.headings != HEADINGS:
            text = _put(text, section.name, alone(section))
    page.write_text(text, encoding="utf-8")


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- bench {name} -->\n", "\n<!-- /bench -->"


def _between(text: str, name: str) -> str:
    begin, end = _marks(name)
    return text.partition(begin)[2].partition(end)[0]


def _put(text: str, name: str, new: str) -> str:
    begin, end = map(re.escape, _marks(name))
    return re.sub(
        f"(?s)({begin}).*?({end})", lambda found: found[1] + new + found[2], text, count=1
    )
