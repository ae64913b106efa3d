"""The improvement report: a time beside the longer one before it, what changed, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from postmortems.domain.figures.advice import Advice, Facts, Kind, advise
from postmortems.domain.figures.cases import Clock, Window
from postmortems.domain.figures.changes import Change, Verdict
from postmortems.domain.figures.comparing import Compared, compare
from postmortems.domain.figures.estimates import Figure
from postmortems.domain.figures.load import Load
from postmortems.figures import words
from postmortems.figures.models import MONTH, QUARTER
from postmortems.figures.reading import days_before, last_days
from postmortems.figures.whole import Whole, satisfied, whole, zone

BEFORE: Final = {
    MONTH: 90,
    QUARTER: 270,
}  # three times as long: the smaller side bounds what is seen
CAUSES: Final = 5


@dataclass(frozen=True)
class Line:
    name: str
    now: Figure
    before: Figure
    change: Change
    said: str
    range: str
    up: bool = False  # more of it is better

    @property
    def better(self) -> bool | None:
        if self.change.verdict in {Verdict.NOISE, Verdict.TOO_FEW}:
            return None
        return (self.change.verdict == Verdict.MORE) is self.up


@dataclass(frozen=True)
class Improvement:
    days: int
    now: Whole
    before: Whole
    lines: Sequence[Line]
    advice: Sequence[tuple[str, str]]  # what to do, and what it follows from


def improvement(days: int, *, at: datetime) -> Improvement:
    window = last_days(days, at=at, zone=zone())
    return between(days, window, days_before(window, BEFORE[days], zone()), at=at)


def between(days: int, window: Window, earlier: Window, *, at: datetime) -> Improvement:
    now, before = whole(window, at=at), whole(earlier, at=at)
    changes = compare((now.cases, window), (before.cases, earlier), at=at)
    found = advise(_facts(now, changes))
    return Improvement(
        days, now, before,
        [*(_line(key, changes[key], now, before) for key in Compared), _satisfaction(now, before)],
        [_told(one) for one in found],
    )  # fmt: skip


def _line(key: Compared, change: Change, now: Whole, before: Whole) -> Line:
    return Line(
        str(words.NAMES[key]), _figure(key, now), _figure(key, before), change,
        words.changed(change), _range(change),
    )  # fmt: skip


def _satisfaction(now: Whole, before: Whole) -> Line:
    change = satisfied(now.said, before.said)
    return Line(
        _("Customer satisfaction"), now.satisfaction, before.satisfaction, change,
        words.changed(change), _range(change), up=True,
    )  # fmt: skip


def _range(change: Change) -> str:
    ends = [one for one in (change.low, change.high) if one is not None]
    return " – ".join(words.signed(one, change.unit) for one in ends) if len(ends) == 2 else ""


def _figure(key: Compared, whole: Whole) -> Figure:
    reckoned = whole.reckoned
    if key.value in set(Clock):
        return reckoned.timings[Clock(key.value)].mean
    figures = {
        Compared.INCIDENTS: reckoned.incidents,
        Compared.ANSWERED_LATE: reckoned.answered_late,
        Compared.RESOLVED_LATE: reckoned.resolved_late,
    }
    return figures[key]


def _facts(now: Whole, changes: Mapping[Compared, Change]) -> Facts:
    burns = ((each.service.name, each.kept.burn.value) for each in now.services)
    return Facts(
        changes,
        [(name, burn) for name, burn in burns if burn is not None],
        [(part.name, part.incidents.n) for part in now.triggers[:CAUSES]],
        [
            (one.user.name, Load(one.user.pk, one.pages.n, one.nights.n))
            for one in now.people
        ],
        now.actions,
    )  # fmt: skip


def _told(one: Advice) -> tuple[str, str]:
    """What to do, and from which figures that follows."""
    evidence = dict(one.evidence)
    if change := evidence.pop("change", None):
        evidence["change"] = words.changed(change)
    if figure := evidence.get("figure"):
        evidence["figure"] = words.NAMES[figure]
    if "burn" in evidence:
        evidence["burn"] = words.value(evidence["burn"], "x")
    what, why = _sentences()[one.kind]
    return what % evidence, why % evidence


def _sentences() -> dict[Kind, tuple[str, str]]:
    return {
        Kind.BUDGET_SPENT: (
            _("Hold back risky changes of %(service)s until its error budget is whole again."),
            _("%(burn)s of its error budget is used."),
        ),
        Kind.MORE_INCIDENTS: (
            _("Look at what changed: incidents are more frequent."),
            _("%(figure)s: %(change)s."),
        ),
        Kind.SLOWER: (
            _("Look at the longest incidents, and at what each of them waited for."),
            _("%(figure)s: %(change)s."),
        ),
        Kind.ANSWERED_LATE: (
            _("Check who is on call, how they are reached and whether every service has an owner."),
            _("%(figure)s: %(change)s."),
        ),
        Kind.RESOLVED_LATE: (
            _("Write or repair runbooks for what was resolved too late."),
            _("%(figure)s: %(change)s."),
        ),
        Kind.COMES_BACK: (
            _("Remove the cause of “%(cause)s”, or give it a runbook of its own."),
            _("It came %(count)s times."),
        ),
        Kind.NIGHTS_LOST: (
            _(
                "Take some of the nights off %(person)s, and what can wait until morning out of the pages."
            ),
            _("Woken in %(nights)s nights."),
        ),
        Kind.ACTIONS_OPEN: (
            _("Finish the action items that are due, or give them another date."),
            _("%(done)s of %(due)s were done by their day."),
        ),
    }
