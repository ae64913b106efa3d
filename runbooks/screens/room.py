"""Runbooks in an incident's room: which fit, what they found, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from incidents.models import Incident
from runbooks import queries, run_queries
from runbooks.domain.fitting import Fit
from runbooks.models import Run, RunStep
from runbooks.screens.books import RunRow, row_of
from runbooks.screens.run import Finding, Need, findings_of, needs_of

RUNS_SHOWN: Final = 20
OFFERED: Final = 6
SAID: Final = 6  # findings of one run; its page has all


@dataclass(frozen=True)
class RoomRun:
    row: RunRow
    findings: list[Finding]
    more: int
    needs: list[Need]
    passed: int
    count: int
    now: str  # what it is at


@dataclass(frozen=True)
class Offer:
    key: str
    title: str
    why: str


def runs_of(incident: Incident) -> list[RoomRun]:
    """What goes on first, the newest first."""
    runs = [_run(run) for run in run_queries.of_incident(incident, most=RUNS_SHOWN)]
    return sorted(runs, key=lambda one: one.row.run.is_over)


def _run(run: Run) -> RoomRun:
    steps: Sequence[RunStep] = run.telling  # type: ignore[attr-defined]
    found = findings_of(steps)
    now = ", ".join(step.title for step in steps if step.state == "running")
    return RoomRun(
        row_of(run), found[:SAID], len(found[SAID:]), [] if run.is_over else needs_of(steps),
        run.passed, run.count, now,  # type: ignore[attr-defined]
    )  # fmt: skip


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
