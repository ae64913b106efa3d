"""The pages of drills: what is planned, how the last ones went, and one of them whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.told import Told
from maintenance.domain.continuity.wording import length
from maintenance.domain.scoring import Mark, score
from maintenance.models import Drill, DrillState, Scenario, Way
from maintenance.services.playing import CUT, STOPPED, is_being_played, possible
from maintenance.words.drills import ABOUT, About
from runbooks.models import Runbook

WHY: Final[dict[str, Promise]] = {
    STOPPED: _("It was ended early. What it had broken is put back."),
    CUT: _(
        "It was cut short: whoever played it ended in the middle. What it had broken is put back."
    ),
}
SHOWN: Final = 50
UNDER_WAY: Final = [DrillState.PLANNED, DrillState.RUNNING]
NAMES: Final[dict[str, Promise]] = {
    "acknowledged": _("Answered"), "resolved": _("Over"), "rto": _("Without writes"),
    "rpo": _("Lost data"),
}  # fmt: skip
TONES: Final = {
    DrillState.PLANNED: "p3", DrillState.RUNNING: "p2", DrillState.DONE: "good",
    DrillState.FAILED: "p1", DrillState.OFF: "none",
}  # fmt: skip


@dataclass(frozen=True)
class Scored:
    name: str
    target: Told
    took: Told | None
    met: bool


@dataclass(frozen=True)
class Row:
    drill: Drill
    tone: str
    late: bool
    met: int
    of: int


@dataclass(frozen=True)
class Game:
    """One that can be played in the sandbox, and how it went last."""

    scenario: Scenario
    about: About
    last: Row | None


def overview(*, at: datetime) -> dict[str, Any]:
    drills = Drill.objects.select_related("lead", "incident")
    planned = drills.filter(state__in=UNDER_WAY).order_by("planned_at")
    shown = {
        "planned": rows(planned[:SHOWN], at),
        "past": rows(drills.exclude(state__in=UNDER_WAY)[:SHOWN], at),
        "possible": possible(),
    }
    return {**shown, "games": list(_games(at)), "playing": _playing()} if possible() else shown


def rows(drills: Any, at: datetime) -> list[Row]:
    return [Row(one, _tone(one), _late(one, at), *score(one.scored)) for one in drills]


def _games(at: datetime) -> Iterator[Game]:
    played = Drill.objects.filter(
        way=Way.SANDBOX, state__in=[DrillState.DONE, DrillState.FAILED]
    ).order_by("scenario", "-began_at")
    last = {one.drill.scenario: one for one in rows(played.distinct("scenario"), at)}
    for scenario in Scenario:
        yield Game(scenario, ABOUT[scenario], last.get(scenario))


def _playing() -> Drill | None:
    return Drill.objects.playing().first() or Drill.objects.asked().first()


def page(drill: Drill, *, at: datetime) -> dict[str, Any]:
    sandbox = drill.way == Way.SANDBOX
    about = ABOUT[drill.scenario]
    return {
        "drill": drill,
        "tone": _tone(drill),
        "late": _late(drill, at),
        "marks": _scored(drill.scored),
        "findings": drill.findings.select_related("by"),
        "sandbox": sandbox,
        "possible": possible(),
        "about": about,
        "runbooks": _runbooks(about),
        "may_note": drill.incident is not None,
        "live": is_live(drill),
        "cut": sandbox and drill.state == DrillState.RUNNING and not is_being_played(),
        "why": _why(drill),
    }  # fmt: skip


def _runbooks(about: About) -> list[Runbook]:
    """In the order in which they are needed."""
    rows = Runbook.objects.filter(key__in=about.runbooks, enabled=True, current__isnull=False)
    return sorted(rows, key=lambda one: about.runbooks.index(one.key))


def _why(drill: Drill) -> str:
    """Of one that did not end as it should."""
    last = drill.told.rpartition("\n")[2]
    return str(WHY.get(last, last if drill.state == DrillState.FAILED else ""))


def is_live(drill: Drill) -> bool:
    """It goes on by itself."""
    waits = drill.state == DrillState.PLANNED and drill.asked_at is not None
    return drill.way == Way.SANDBOX and (waits or drill.state == DrillState.RUNNING)


def _late(drill: Drill, at: datetime) -> bool:
    return drill.state == DrillState.PLANNED and drill.planned_at < at


def _tone(drill: Drill) -> str:
    met, of = score(drill.scored)
    return "p2" if drill.state == DrillState.DONE and met < of else TONES[DrillState(drill.state)]


def _scored(marks: Sequence[Mark]) -> list[Scored]:
    return [
        Scored(
            str(NAMES.get(one.name, one.name)),
            length(timedelta(seconds=one.target)),
            None if one.took is None else length(timedelta(seconds=one.took)),
            one.met,
        )
        for one in marks
    ]
