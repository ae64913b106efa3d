"""The page of backups: how old the newest is against what is allowed, and whether it was ever restored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from core.charts.lines import chart
from core.charts.shapes import About, Bar, Chart, Point
from core.charts.units import said
from maintenance.domain.nightly import next_period
from maintenance.models import (
    Backup,
    BackupPlan,
    RestoreTest,
    RestoreTestState,
    Routine,
    RoutineRun,
    age_of,
)
from maintenance.services.asking_backups import Busy, busy
from maintenance.services.watching_backups import standing
from maintenance.words.backups import advice, duration, sentence

PROOF: Final = "disaster_recovery_test"
SHOWN: Final = timedelta(days=14)
LISTED: Final = 10
TESTS: Final = 5
HEIGHT: Final = 120.0
MOMENT: Final = timedelta(milliseconds=1)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Made:
    backup: Backup
    size: str
    rows: str
    took: str
    flaws: list[str]


@dataclass(frozen=True)
class Tested:
    test: RestoreTest
    passed: bool
    took: str
    stages: str
    flaws: list[str]


@dataclass(frozen=True)
class Row:
    plan: BackupPlan
    word: str
    tone: str
    flaws: list[tuple[str, str]]  # and what to do
    next_at: datetime | None
    busy: str
    rpo: str
    rto: str
    chart: Chart | None
    about: str
    backups: list[Made]
    tests: list[Tested]


def overview(*, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    plans = BackupPlan.objects.select_related("database")
    rows = [row_of(plan, at=at, zone=zone) for plan in plans]
    return {"rows": sorted(rows, key=lambda row: not row.flaws), "proof": _proof()}


def _proof() -> dict[str, Any] | None:
    """The job that restores them all, where it is known already."""
    found = Routine.objects.known().filter(name=PROOF).first()
    runs = RoutineRun.objects.open().filter(routine=found)
    return {"job": found, "run": runs.first()} if found else None


def row_of(plan: BackupPlan, *, at: datetime, zone: ZoneInfo) -> Row:
    made = list(plan.backups.filter(begun_at__gte=at - SHOWN - min(plan.rpo, SHOWN)))
    tests = list(plan.tests.all()[:TESTS])
    found = standing(plan, at=at) if plan.enabled else []
    flaws = [(sentence(one), advice(one)) for one in found]
    age = age_of(plan.backups.newest(at), at)
    return Row(
        plan=plan,
        word=_word(plan, age),
        tone="p1" if flaws else "",
        flaws=flaws,
        next_at=_next(plan, at),
        busy=_busy(busy(plan)),
        rpo=duration(plan.rpo),
        rto=duration(plan.rto),
        chart=_chart(made, plan, at, zone),
        about=_about(plan, age),
        backups=[_made(one) for one in made[:LISTED]],
        tests=[_tested(one) for one in tests],
    )


def _word(plan: BackupPlan, age: timedelta | None) -> str:
    if not plan.enabled:
        return _("Switched off")
    if age is None:
        return _("No backup yet")
    return _("%(age)s old") % {"age": duration(age)}


def _next(plan: BackupPlan, at: datetime) -> datetime | None:
    if not plan.enabled:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    return next_period(at, hour=plan.hour, every=plan.every_hours, zone=zone)


def _busy(state: Busy) -> str:
    words = {
        Busy.ASKED: _("A backup was asked for and begins within minutes."),
        Busy.MAKING: _("A backup is being made."),
    }
    return words.get(state, "")


def _about(plan: BackupPlan, age: timedelta | None) -> str:
    told = {"plan": plan.name, "age": duration(age) if age else "–", "rpo": duration(plan.rpo)}
    return (
        _("Age of the newest backup of %(plan)s over 14 days: now %(age)s, allowed %(rpo)s") % told
    )


def _chart(made: Sequence[Backup], plan: BackupPlan, at: datetime, zone: ZoneInfo) -> Chart | None:
    """A tooth for each backup: its age when the next one was there."""
    points = list(_teeth(made, at))
    if not points:
        return None
    bar = Bar(plan.rpo / HOUR, "RPO", "warning")
    since = max(at - SHOWN, points[0].at)
    return chart(
        points, since, at, gap=SHOWN * 2, zone=zone, unit="h", height=HEIGHT, about=About(bars=[bar])
    )  # fmt: skip


def _teeth(made: Iterable[Backup], at: datetime) -> Iterator[Point]:
    there = sorted((one.ended_at, one.made_at) for one in made if one.made_at and one.ended_at)
    for (ready, shows), (following, _later) in pairwise([*there, (at, at)]):
        yield from (_point(ready, ready - shows), _point(following - MOMENT, following - shows))


def _point(at: datetime, age: timedelta) -> Point:
    hours = age / HOUR  # in the unit of the bar, which a young backup is far from
    return Point(at, hours, hours, hours)


def _made(one: Backup) -> Made:
    return Made(
        backup=one,
        size=said(one.size, "bytes") if one.size else "–",
        rows=f"{one.rows:,}" if one.tables else "–",
        took=duration(one.ended_at - one.begun_at) if one.ended_at else "–",
        flaws=[sentence(flaw) for flaw in one.told],
    )


def _tested(one: RestoreTest) -> Tested:
    took = duration(timedelta(seconds=one.took_seconds)) if one.took_seconds is not None else "–"
    names = {
        "fetch": _("fetched"), "verify": _("verified"), "server": _("server made"),
        "restore": _("restored"), "compare": _("compared"), "check": _("checked"),
    }  # fmt: skip
    stages = " · ".join(
        f"{name} {said(one.stages[stage], 'seconds')}"
        for stage, name in names.items()  # jsonb keeps no order
        if stage in one.stages
    )
    passed = one.state == RestoreTestState.PASSED
    return Tested(one, passed, took, stages, [sentence(f) for f in one.told])
