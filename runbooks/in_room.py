"""The actions of an incident, and the runs of its runbooks, in its room."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse

from incidents.models import Incident
from incidents.registry import Part, Reader, Section, Waiting, sections
from runbooks import queries
from runbooks.domain.actions import State
from runbooks.screens.room import RoomRun, offers, runs_of
from runbooks.screens.rows import rows_of
from runbooks.screens.run import Need
from teams.domain.roles import Action as May

OPEN_SHOWN: Final = 50
OVER_SHOWN: Final = 10


@sections.register("actions")
class ActionsOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        """Whoever asked for something or approved it does not approve it again."""
        pairs = queries.unfinished().filter(incident=incident).order_by()
        asked = pairs.values_list("proposed_by", "approvals__person")
        return {person for pair in asked for person in pair if person}

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """What waits for somebody's approval stands apart from the rest."""
        found = list(queries.of_incident(incident)[: OPEN_SHOWN + OVER_SHOWN])
        over = [action for action in found if action.is_over][:OVER_SHOWN]
        open_ones = [action for action in reversed(found) if not action.is_over]
        rows = rows_of([*open_ones, *over], reader, at=at)
        waiting = [row for row in rows if row.action.state == State.PROPOSED]
        rest = [row for row in rows if row.action.state != State.PROPOSED]
        parts = []
        if waiting:
            parts.append(Part("runbooks/_room_waiting.html", {"rows": waiting}, urgent=True))
        if rest:
            parts.append(Part("runbooks/_room.html", {"rows": rest}))
        return parts

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        proposed = queries.unfinished().filter(incident=incident, state=State.PROPOSED)
        return [
            Waiting(str(action), action.proposed_at, reverse("runbooks:action", args=[action.pk]))
            for action in proposed[:OPEN_SHOWN]
        ]


@sections.register("runs")
class RunsOfIncident(Section):
    def concerned(self, incident: Incident) -> Iterable[int]:
        """To nobody in particular: who may approve is judged where they approve."""
        return ()

    def parts(self, incident: Incident, reader: Reader, *, at: datetime) -> list[Part]:
        """Approvals stand among what waits for approval already."""
        runs = runs_of(incident, at=at)
        asking = [(one, need) for one in runs for need in one.needs if need.what != "approval"]
        offered = offers(incident, runs)
        parts = []
        if asking:
            parts.append(Part("runbooks/_room_asking.html", {"asking": asking}, urgent=True))
        if runs or offered:
            may = reader.may(May.RESPOND)
            told = {"runs": runs, "offers": offered, "may_start": may, "incident": incident.pk}
            parts.append(Part("runbooks/_room_runs.html", told))
        return parts

    def waiting(self, incident: Incident, *, at: datetime) -> list[Waiting]:
        return [
            Waiting(*_asks(one, need)) for one in runs_of(incident, at=at) for need in one.needs
            if need.what != "approval"
        ]  # fmt: skip


def _asks(one: RoomRun, need: Need) -> tuple[str, datetime, str]:
    run, step = one.row.run, need.step
    what = f"{one.row.title}: {need.question or step.title}"
    return what, step.ended_at or step.began_at or run.started_at, run.get_absolute_url()
