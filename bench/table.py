"""Figures side by side, as a Markdown table that also reads well in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

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
    """What one measure found, and how it went."""

    name: str
    rows: Sequence[Row]
    note: str = ""
    headings: tuple[str, ...] = HEADINGS  # others than these make a table of its own
    failed: bool = False


def drawn(sections: Iterable[Section]) -> str:
    """One table of all that have the usual headings."""
    lines: list[tuple[str, ...]] = []
    for section in sections:
        lines.append((_headed(section), "", "", "", ""))
        lines += [astuple(row) for row in section.rows]
    return _table(HEADINGS, lines)


def alone(section: Section) -> str:
    return f"{_headed(section)}\n\n" + _table(
        section.headings, [astuple(row) for row in section.rows]
    )


def read(text: str) -> list[Section]:
    """The sections of a table that was drawn here."""
    found = list[Section]()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].startswith("**"):
            name, _, note = cells[0].removeprefix("**").partition("**")
            found.append(Section(name, [], note.strip(" ()")))
        elif found and line.startswith("|"):
            found[-1] = Section(found[-1].name, [*found[-1].rows, Row(*cells)], found[-1].note)
    return found


def _headed(section: Section) -> str:
    return f"**{section.name}** ({section.note})"


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(headings, *lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(cells, widths) for cells in (headings, rule, *lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
