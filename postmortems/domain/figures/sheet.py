"""A table as CSV that a spreadsheet only reads: no cell of it is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

MARK: Final = "\N{BYTE ORDER MARK}"  # without it Excel takes Korean for Latin
STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet(rows: Iterable[Sequence[object]]) -> str:
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return MARK + kept.getvalue()


def _cell(cell: object) -> object:
    """Numbers stay numbers; words that would begin a formula get an apostrophe before them."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip().startswith(STARTS):
        return f"'{cell}"
    return cell
