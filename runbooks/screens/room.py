"""Runbooks in an incident's room: which fit, what they found, and what waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from incidents.models import Incident
from runbooks import queries, run_queries
from runbooks.domain.fitting import Fit
from runbooks.domain.runs import RunState, State
from runbooks.models import Run, RunStep
from runbooks.screens.books import RunRow, row_of
from runbooks.screens.nodes import slow, state_of
from runbooks.screens.run import Finding, Need, findings_of, lane_of, needs_of

RUNS_SHOWN: Final = 20
OFFERED: Final = 6
SAID: Final = 6  # findings of one run; its page has all


@dataclass(frozen=True)
class Now:
    """A step that goes on, and how long it usually takes."""

    title: str
    lane: str
    began_at: datetime
    took: timedelta
    usual: timedelta | None

    @property
    def slow(self) -> bool:
        return slow(self.took, self.usual)


@dataclass(frozen=True)
class RoomRun:
    row: RunRow
    findings: list[Finding]
    more: int
    needs: list[Need]
    passed: int
    count: int
    now: list[Now]  # what it is at


@dataclass(frozen=True)
class Offer:
    key: str
    title: str
    why: str


def runs_of(incident: Incident, *, at: datetime) -> list[RoomRun]:
    """What goes on first, the newest first."""
    runs = run_queries.of_incident(incident, most=RUNS_SHOWN)
    going = {run.version.runbook_id for run in runs if not run.is_over}
    usual = run_queries.usual_steps(going) if going else {}
    found = [_run(run, usual.get(run.version.runbook_id, {}), at) for run in runs]
    return sorted(found, key=lambda one: one.row.run.is_over)


def _run(run: Run, usual: Mapping[str, timedelta], at: datetime) -> RoomRun:
    steps: Sequence[RunStep] = run.telling  # type: ignore[attr-defined]
    found = findings_of(steps)
    now = [] if run.is_over else [one for step in steps if (one := _now(step, run, usual, at))]
    return RoomRun(
        row_of(run), found[:SAID], len(found[SAID:]), [] if run.is_over else needs_of(steps),
        run.passed, run.count, now,  # type: ignore[attr-defined]
    )  # fmt: skip


def _now(step: RunStep, run: Run, usual: Mapping[str, timedelta], at: datetime) -> Now | None:
    going = run.state == RunState.RUNNING
    if step.began_at is None or state_of(step, State(step.state), going=going) != State.RUNNING:
        return None
    known = None if run.undoes_id else usual.get(step.name)
    return Now(step.title, lane_of(step), step.began_at, at - step.began_at, known)


def offers(incident: Incident, runs: Sequence[RoomRun]) -> list[Offer]:
    """Those that fit and are not at it already; nothing once the incident is over."""
    if not incident.is_open:
        return []
    going = {one.row.run.version.runbook_id for one in runs if not one.row.run.is_over}
    fits = [one for one in queries.suggested(incident) if one.runbook.pk not in going]
    return [Offer(one.runbook.key, str(one.runbook), why(one.why)) for one in fits[:OFFERED]]


def why(fit: Fit) -> str:
    return {
        Fit.SCENARIO: _("made for this scenario"),
        Fit.ALERT: _("fits one of its alerts"),
        Fit.SERVICE: _("fits one of its services"),
    }[fit]
