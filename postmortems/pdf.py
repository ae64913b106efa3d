"""A postmortem as a PDF for a manager: the plain record in, bytes out, the same bytes each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import durations
from core.errors import Refused
from postmortems.domain import measure
from postmortems.domain.drawing import Drawing, draw
from postmortems.domain.report import Entry, Figure, PhaseKind, Priority, Report, Why
from postmortems.domain.timescale import WIDTH

# Light values of the tokens, written out: the page's CSS does not reach inside a drawing.
TONES = {
    "P0": ("#d40924", "#fff2f1"),
    "P1": ("#d85a00", "#fff2e8"),
    "P2": ("#bc8800", "#fef5e1"),
    "P3": ("#2d7db9", "#eef7ff"),
}
NO_TONE = ("#676c74", "#f5f4f1")

HILLS = ((72, 165), (226, 111), (390, 65), (554, 97), (704, 151))  # where the cover's beacons stand
TITLE_SIZES = ((36, "xl"), (84, "l"), (150, "m"))  # by width in letter sizes; beyond these, small
LEAD_ROOM = 330.0  # letter sizes the cover's paragraph may take
HEAD_ROOM = 460.0
FIGURE_ROOM = 112.0
HASH = 12
BARS: dict[Priority, int] = {"HIGH": 3, "MEDIUM": 2, "LOW": 1}
STEPS = 5

# Characters that are invalid in the PDF's XML, or that turn the direction of the text around them.
UNPRINTABLE = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x202A, 0x202F),
     *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beacon:
    lit: bool
    row_x: int
    hill_x: int
    hill_y: int


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    number: int
    elapsed: str
    phase: PhaseKind | None
    opens: bool  # the first of its phase, which carries the phase's name
    pinned: bool  # its number stands on the drawing


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    why: Why
    depth: int
    role: str  # what the first and the last answer are called
    deepest: bool


def render(report: Report) -> bytes:
    """Raises Refused, with what to install, on a machine that lacks the PDF maker's libraries."""
    # Only the process that prints pays for the PDF maker (0.3 s, 40 MB), and the portal runs on a
    # machine that cannot load it.
    try:
        from postmortems.press import to_pdf  # noqa: PLC0415
    except OSError as missing:
        raise Refused(
            _(
                "PDFs need the library Pango, which the portal's machine does not have. Install it "
                "there (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
                "libharfbuzz-subset0), start Bongsu again and ask again. Nothing written is lost."
            )
        ) from missing
    return to_pdf(html(report))


def html(report: Report) -> str:
    with translation.override(report.language), timezone.override(report.zone):
        page = render_to_string("pdf/postmortem.html", _context(report))
    return page.translate(UNPRINTABLE)


def _context(report: Report) -> dict[str, Any]:
    names = phase_names()
    drawing = draw(report, names)
    tone, wash = TONES.get(report.severity, NO_TONE)
    lead = measure.opening(report.summary, LEAD_ROOM)
    before, between, after = _page_words()
    return {
        "report": report,
        "tone": tone,
        "wash": wash,
        "beacons": _beacons(report),
        "title_size": _title_size(report.title),
        "title_room": _title_room(report.title),
        "head": measure.shorten(f"#{report.number} {report.title}", HEAD_ROOM, 12),
        "hash": report.version_hash[:HASH],
        "page_before": before,
        "page_between": between,
        "page_after": after,
        "lead": lead,
        "whole_summary": report.summary if lead != report.summary.strip() else "",
        "figures": [(figure, _figure_size(figure)) for figure in report.figures],
        "drawing": drawing,
        "phase_names": names,
        "rows": list(_rows(report, drawing)),
        "steps": list(_steps(report)),
        "has_evidence": any(why.evidence for why in report.whys),
        "has_kinds": any(entry.kind for entry in report.entries),
        "factors": _threes(report.contributing_factors),
        "actions": [
            (action, (action.due - report.written.astimezone(report.zone).date()).days,
             [place < BARS[action.priority] for place in range(3)])
            for action in report.actions
        ],
    }  # fmt: skip


def phase_names() -> dict[PhaseKind, str]:
    return {
        "detect": pgettext("incident phase", "Detect"),
        "acknowledge": pgettext("incident phase", "Acknowledge"),
        "mitigate": pgettext("incident phase", "Mitigate"),
        "resolve": pgettext("incident phase", "Resolve"),
    }


def _page_words() -> tuple[str, str, str]:
    """The words around the two page numbers, which only the PDF maker knows."""
    before, _page, rest = _("Page {page} of {pages}").partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    return before, between, after


def _beacons(report: Report) -> list[Beacon]:
    return [
        Beacon(lit, 32 * place, x, y)
        for place, (lit, (x, y)) in enumerate(zip(report.fires, HILLS, strict=True))
    ]


def _title_size(title: str) -> str:
    return next((size for room, size in TITLE_SIZES if measure.width(title) <= room), "s")


def _title_room(title: str) -> int | None:
    """Narrow enough that a large title's lines come out about equal: the PDF maker cannot balance."""
    length = measure.width(title, 40)
    lines = ceil(length / WIDTH)
    return round(length / lines * 1.15) if lines > 1 and _title_size(title) == "xl" else None


def _figure_size(figure: Figure) -> str:
    """Large if it fits its column; else a long unit goes below its number, or all of it shrinks."""
    numbers = sum(measure.width(number, 28) + 4 for number, _unit in figure.parts)
    units = sum(measure.width(unit, 14) + 4 for _number, unit in figure.parts)
    if numbers + units <= FIGURE_ROOM:
        return ""
    if len(figure.parts) == 1 and numbers <= FIGURE_ROOM:
        return "below"
    return "tight" if (numbers + units) * 20 / 28 <= FIGURE_ROOM else "dense"


def _rows(report: Report, drawing: Drawing | None) -> Iterator[Row]:
    pinned = {mark.number for mark in drawing.marks} if drawing else set()
    numbered = enumerate(report.entries, 1)
    for phase, group in groupby(numbered, key=lambda pair: report.phase_of(pair[1])):
        for place, (number, entry) in enumerate(group):
            yield Row(
                entry=entry,
                number=number,
                elapsed=_elapsed(report, entry),
                phase=phase,
                opens=place == 0,
                pinned=number in pinned,
            )


def _elapsed(report: Report, entry: Entry) -> str:
    face = durations.clock(entry.at - report.began)
    return face if face.startswith("\N{MINUS SIGN}") else f"+{face}"


def _steps(report: Report) -> Iterator[Step]:
    last = len(report.whys)
    for number, why in enumerate(report.whys, 1):
        deepest = number == last > 1 and bool(why.answer)
        role = _("root cause") if deepest else _("immediate cause") if number == 1 else ""
        yield Step(number, why, min(number, STEPS), role if why.answer else "", deepest)


def _threes(items: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [items[start : start + 3] for start in range(0, len(items), 3)]
