"""The page of figures: a few that matter, how they went, and what they are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.charts.lines import chart
from core.charts.shapes import Chart, Point
from postmortems.domain.figures.cases import Clock, Window
from postmortems.domain.figures.changes import Change, Verdict
from postmortems.domain.figures.comparing import Compared, compare
from postmortems.domain.figures.course import Piece, course
from postmortems.domain.figures.estimates import Figure
from postmortems.figures import words
from postmortems.figures.models import ImprovementReport
from postmortems.figures.reading import days_before, noticed
from postmortems.figures.whole import Part, Whole, last, opinions_of, satisfied, zone
from teams.models import Service

DAYS: Final = (7, 30, 90, 365)
USUAL: Final = 30
TALL: Final = 160.0
PARTS: Final = {
    "severity": gettext_lazy("By severity"),
    "service": gettext_lazy("By service"),
    "team": gettext_lazy("By team"),
    "cause": gettext_lazy("By cause"),
}
REPORTS: Final = 12
SHOWN: Final = 8  # of each kind; the API has all


@dataclass(frozen=True)
class Asked:
    days: int
    service: Service | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """What an address asks for; nonsense asks for the usual."""
        days = query.get("days", "")
        slug = query.get("service", "")
        return cls(
            int(days) if days in map(str, DAYS) else USUAL,
            Service.objects.filter(slug=slug).first() if slug else None,
        )

    def query(self, **more: str) -> str:
        service = {"service": self.service.slug} if self.service else {}
        return urlencode({"days": str(self.days), **service, **more})


@dataclass(frozen=True)
class Tile:
    name: str
    value: str
    bounds: str
    n: int
    change: str
    better: bool | None  # None: nothing beyond chance
    query: str  # of the incidents behind it


@dataclass(frozen=True)
class Bar:
    name: str
    count: int
    share: float  # of the longest, per cent
    query: str


def page(asked: Asked, *, at: datetime) -> dict[str, Any]:
    whole = last(asked.days, at=at, service=asked.service)
    earlier = days_before(whole.window, asked.days, zone())
    past = noticed(earlier, service=asked.service)
    changes = compare((whole.cases, whole.window), (past, earlier), at=at)
    numbers = set(past.number.tolist()) if asked.service else None
    liked = satisfied(whole.said, opinions_of(earlier, numbers))
    pieces = course(whole.cases, whole.window, Clock.RESOLVE, days=asked.days)
    return {
        "asked": asked,
        "choices": [(days, _days(days)) for days in DAYS],
        "catalogue": list(whole.catalogue.values()),
        "whole": whole,
        "earlier": earlier,
        "liked": words.changed(liked),
        "liked_better": _better(liked, up=True),
        "tiles": _tiles(whole, changes, asked),
        "pieces": [one for one in pieces if one.incidents],
        "resolving": _resolving(pieces, whole.window, asked.days),
        "timings": [
            (words.NAMES[Compared(clock)], whole.reckoned.timings[clock]) for clock in Clock
        ],
        "bars": {PARTS[kind]: bars(whole.parts[kind][:SHOWN], kind, asked) for kind in PARTS},
        "reports": ImprovementReport.objects.filter(language=get_language() or "ko").defer("pdf")[
            :REPORTS
        ],
        "hours": bars(whole.parts["hour"], "hour", asked),
    }


def _days(days: int) -> str:
    return _("%(days)s days") % {"days": days}


def _tiles(whole: Whole, changes: Mapping[Compared, Change], asked: Asked) -> list[Tile]:
    reckoned = whole.reckoned
    shown: list[tuple[str, Figure, Compared | None, dict[str, str]]] = [
        (_("Incidents"), reckoned.incidents, Compared.INCIDENTS, {}),
        *(
            (
                str(words.NAMES[Compared(clock)]), reckoned.timings[clock].mean, Compared(clock),
                {"by": "clock", "key": clock.value},
            )
            for clock in (Clock.ACKNOWLEDGE, Clock.MITIGATE, Clock.RESOLVE)
        ),
        (_("Between failures"), reckoned.between_failures, None, {}),
        (
            _("Not resolved in time"), reckoned.resolved_late, Compared.RESOLVED_LATE,
            {"by": "late", "key": "1"},
        ),
    ]  # fmt: skip
    return [
        Tile(
            name, words.said(figure), words.bounds(figure), figure.n,
            words.changed(changes[key]) if key else "", _better(changes[key]) if key else None,
            asked.query(**query),
        )
        for name, figure, key, query in shown
    ]  # fmt: skip


def _better(change: Change, *, up: bool = False) -> bool | None:
    """`up`: more of it is better."""
    if change.verdict in {Verdict.NOISE, Verdict.TOO_FEW}:
        return None
    return (change.verdict == Verdict.MORE) is up


def _resolving(pieces: Sequence[Piece], window: Window, days: int) -> Chart | None:
    """The median of each piece, and between what the middle half of them lay."""
    points = [
        Point(one.at, one.low, one.median, one.high)
        for one in pieces
        if one.low is not None and one.median is not None and one.high is not None
    ]
    if len(points) < 2:
        return None
    gap = timedelta(days=max(4, days // 6))
    return chart(
        points, window.since, window.until, gap=gap, zone=zone(), unit="seconds", height=TALL
    )


def bars(parts: Sequence[Part], kind: str, asked: Asked) -> list[Bar]:
    most = max((part.incidents.n for part in parts), default=0) or 1
    return [
        Bar(
            part.name or _("nobody’s"), part.incidents.n, round(100 * part.incidents.n / most, 2),
            asked.query(by=kind, key=part.key),
        )
        for part in parts
    ]  # fmt: skip
