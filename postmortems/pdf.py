"""A postmortem as a PDF for a manager: the plain record in, bytes out, the same bytes each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import durations
from core.printing import measure
from core.printing.page import counting_words, page, read_in
from core.printing.printer import Told, printer
from postmortems.domain.causes_drawn import Step, steps_of
from postmortems.domain.drawing import Drawing, draw
from postmortems.domain.report import Entry, Figure, PhaseKind, Priority, Report
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


def render(*reports: Report, told: Told = lambda _page: None) -> bytes:
    """One document of one report, or of the same in several languages.

    Raises Refused, in words for who waits; `told` hears of each page that is laid out.
    """
    return printer.to_pdf(html(*reports), told=told)


def html(*reports: Report) -> str:
    first = reports[0]
    said = {
        "report": first,
        "lead": measure.opening(first.summary, LEAD_ROOM),
        "articles": [_article(report) for report in reports],
    }
    return page("pdf/postmortem.html", said, language=first.language, zone=first.zone)


def _article(report: Report) -> str:
    with read_in(report.language, report.zone):
        return render_to_string("pdf/article.html", _context(report))


def _context(report: Report) -> dict[str, Any]:
    names = phase_names()
    drawing = draw(report, names)
    tone, wash = TONES.get(report.severity, NO_TONE)
    lead = measure.opening(report.summary, LEAD_ROOM)
    whole_summary = report.summary if lead != report.summary.strip() else ""
    before, between, after = counting_words()
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
        "whole_summary": whole_summary,
        "figures": [(figure, _figure_size(figure)) for figure in report.figures],
        "drawing": drawing,
        "phase_names": names,
        "rows": list(_rows(report, drawing)),
        "steps": [(step, _role(step)) for step in steps_of(report.whys)],
        "sections": _sections(whole_summary=whole_summary, answered=bool(report.response)),
        "retrospect": _retrospect(report),
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


def _role(step: Step) -> str:
    """What the first answers and the last ones are called."""
    if not step.why.answer:
        return ""
    return _("root cause") if step.deepest else _("immediate cause") if step.immediate else ""


def _sections(*, whole_summary: str, answered: bool) -> list[tuple[str, str]]:
    named = [
        ("timeline", _("Timeline")),
        ("summary", _("Summary") if whole_summary else ""),
        ("impact", _("Impact")),
        ("response", _("Response") if answered else ""),
        ("causes", _("Causes")),
        ("factors", _("Contributing factors")),
        ("lessons", _("Lessons")),
        ("actions", _("Action items")),
    ]
    return [(name, title) for name, title in named if title]


def _retrospect(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    said = [
        (_("What went well"), report.went_well),
        (_("What went badly"), report.went_badly),
        (_("Where we were lucky"), report.got_lucky),
    ]
    return said if any(lines for _title, lines in said) else []


def _threes(items: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [items[start : start + 3] for start in range(0, len(items), 3)]
