"""Figures side by side, as a Markdown table that also reads well in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("figure", "ours", "ceiling or peer", "ratio", "aim")


@dataclass(frozen=True)
class Row:
    figure: str
    ours: str
    peer: str = ""
    ratio: str = ""
    aim: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    rows: Sequence[Row]


def drawn(sections: Iterable[Section]) -> str:
    lines: list[tuple[str, ...]] = []
    for section in sections:
        lines.append((f"**{section.title}**", "", "", "", ""))
        lines += [(row.figure, row.ours, row.peer, row.ratio, row.aim) for row in section.rows]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(cells, widths) for cells in (HEADINGS, rule, *lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
