"""Logs as they are seen: which are followed and how they fare, and what was found in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.leafing import Leaves
from core.models import Heartbeat
from monitoring.domain.logs.levels import Level
from monitoring.models import LogFinding, LogPattern, LogSource, LogTemplate, LogTemplateDay
from monitoring.services.log_reports import BEAT
from monitoring.services.log_telling import BEHIND

FINDINGS_A_PAGE: Final = 20
TEMPLATES_SHOWN: Final = 50
NEW_SHOWN: Final = 20
DAYS: Final = 14
DAY: Final = timedelta(days=1)
BEATS: Final = timedelta(seconds=45)
WIDTH, HEIGHT = 6, 24
TONES: Final = ["p1", "p2", "good", ""]  # what wants somebody first

TROUBLES: Final[dict[str, Promise]] = {
    "missing": _("no such file yet"),
    "refused": _("reading is refused"),
    "unreadable": _("cannot be read"),
    "no_file": _("no ordinary file"),
    "too_many": _("more files than are followed at once"),
    "no_journal": _("there is no journalctl on this machine"),
    "journal_ended": _("journalctl ended, it is started again"),
    "no_address": _("cannot listen there"),
}
LEVELS: Final[dict[int, Promise]] = {
    Level.UNKNOWN: _("no level"),
    Level.INFO: _("info"),
    Level.WARNING: _("warning"),
    Level.ERROR: _("error"),
    Level.FATAL: _("fatal"),
}


@dataclass(frozen=True)
class Row:
    source: LogSource
    tone: str
    word: Promise
    about: str = ""

    @property
    def lag(self) -> timedelta:
        return timedelta(seconds=round(self.source.lag_seconds))


def overview(*, at: datetime, page: str) -> dict[str, Any]:
    patterns = LogPattern.objects.select_related("source", "service").annotate(
        day=Sum("findings__count", filter=Q(findings__at__gte=at - DAY))
    )
    return {
        "rows": _rows(LogSource.objects.select_related("service"), at),
        "watched": Heartbeat.objects.fresh(BEAT, at=at, within=BEATS),
        "patterns": patterns.order_by("-enabled", F("last_at").desc(nulls_last=True), "name_ko"),
        "new": _templates(LogTemplate.objects.new().order_by("-first_at"), NEW_SHOWN),
        "findings": Leaves(_findings(), FINDINGS_A_PAGE, asked=page).get_page(page),
    }


def of_source(source: LogSource, *, at: datetime, page: str) -> dict[str, Any]:
    return {
        "source": source,
        "row": _rows([source], at)[0],
        "files": source.files.order_by("path")[:20],
        "findings": Leaves(
            _findings().filter(source=source), FINDINGS_A_PAGE, asked=page
        ).get_page(page),
        "templates": _templates(source.templates.order_by("-last_at"), TEMPLATES_SHOWN),
        "base_url": settings.BASE_URL,
    }  # fmt: skip


def of_pattern(pattern: LogPattern) -> dict[str, Any]:
    return {"pattern": pattern, "findings": _findings().filter(pattern=pattern)[:FINDINGS_A_PAGE]}


def of_finding(finding: LogFinding) -> dict[str, Any]:
    return {"finding": finding, "level": LEVELS[finding.level]}


def _findings() -> QuerySet[LogFinding]:
    return LogFinding.objects.select_related("source", "pattern", "template")


def _rows(sources: Iterable[LogSource], at: datetime) -> list[Row]:
    return sorted((_row(source) for source in sources), key=lambda row: TONES.index(row.tone))


def _row(source: LogSource) -> Row:
    if not source.enabled:
        return Row(source, "", _("paused"))
    if source.trouble:
        word, _bar, about = source.trouble.partition("|")
        return Row(source, "p2", TROUBLES.get(word, TROUBLES["unreadable"]), about)
    if source.lag_seconds >= BEHIND:
        return Row(source, "p1", _("falls behind"))
    if source.begun_at is None:
        return Row(source, "", _("not begun yet"))
    return Row(source, "good", _("is followed"))


@dataclass(frozen=True)
class Kind:
    template: LogTemplate
    level: Promise
    bars: list[tuple[int, int, int]]  # x, y, height

    @property
    def width(self) -> int:
        return DAYS * WIDTH


def _templates(rows: QuerySet[LogTemplate], most: int) -> list[Kind]:
    chosen = list(rows.select_related("source")[:most])
    place = Window(RowNumber(), partition_by="template", order_by=F("day").desc())
    days: dict[int, list[LogTemplateDay]] = {}
    found = LogTemplateDay.objects.filter(template__in=chosen).annotate(place=place)
    for day in found.filter(place__lte=DAYS).order_by("-day"):
        days.setdefault(day.template_id, []).append(day)
    return [Kind(row, LEVELS[row.level], _bars(days.get(row.pk, []))) for row in chosen]


def _bars(days: list[LogTemplateDay]) -> list[tuple[int, int, int]]:
    """A bar a day, the newest at the right."""
    if not days:
        return []
    most, newest = max(1, *(day.count for day in days)), days[0].day
    bars = []
    for day in days:
        ago = (newest - day.day).days
        if ago < DAYS:
            height = max(2, round(HEIGHT * day.count / most))
            bars.append(((DAYS - 1 - ago) * WIDTH, HEIGHT - height, height))
    return bars
