"""One action: what it is, what became of it, who said what and when, and what a decision would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runbooks import queries
from runbooks.domain.actions import Mode
from runbooks.models import Action, RunStep
from runbooks.screens.approved import of_run
from runbooks.screens.board import may
from runbooks.screens.rows import Row, rows_of
from teams.models import User

GATE: Final = "approve"  # the kind of step


@dataclass(frozen=True)
class Moment:
    at: datetime
    text: str
    who: str = ""
    tone: str = ""


def page(action: Action, user: User, *, at: datetime) -> dict[str, Any]:
    [row] = rows_of([action], user, at=at)
    halt = queries.halted()
    return {
        "row": row,
        "action": action,
        "of_run": of_run(action),
        "moments": _moments(row),
        "parameters": _pairs(action.parameters),
        "facts": _pairs(action.facts),
        "halt": halt,
        "version": f"{action.state}-{action.waits_for}-{len(row.approvals)}-{bool(halt):d}",
        **may(user),
    }


def _moments(row: Row) -> list[Moment]:
    """From its own row, as an action without an incident has no timeline."""
    action = row.action
    found = [Moment(action.proposed_at, _("Proposed"), _proposer(action))]
    found += _approvals(row)
    if action.began_at:
        found.append(Moment(action.began_at, _("Begun"), _("Bongsu")))
    if action.ended_at:
        who = action.ended_by.name if action.ended_by else _("Bongsu")
        found.append(Moment(action.ended_at, row.state, who, row.tone))
    return sorted(found, key=lambda moment: moment.at)


def _approvals(row: Row) -> list[Moment]:
    """Each with how many there are of how many then, where one is not enough."""
    found = []
    for done, one in enumerate(row.action.approvals.all(), start=1):
        text = _("Approved")
        if row.needed > 1:
            text = _("%(done)s of %(people)s approved") % {"done": done, "people": row.needed}
        found.append(Moment(one.at, text, one.person.name, "good" if done >= row.needed else "p3"))
    return found


def _proposer(action: Action) -> str:
    return action.proposed_by.name if action.proposed_by else _("Bongsu")


def _pairs(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in sorted(data.items())]


def if_approved(row: Row, *, halted: bool) -> list[str]:
    """What exactly follows from this person's approval."""
    rest = row.still_needed - 1
    if rest > 0:
        return [
            ngettext(
                "After you, %(count)s more person has to approve. Until then nothing happens.",
                "After you, %(count)s more people have to approve. Until then nothing happens.",
                rest,
            )
            % {"count": rest}
        ]
    if row.mode == Mode.OFF:
        return [_("Actions of this kind are switched off: it begins once they are on again.")]
    if row.shadow:
        return [
            _("This kind is in shadow: it is written down that it would be done, and it is not.")
        ]
    if halted:
        return [_("All actions are halted: it begins once the halt is lifted, if that is in time.")]
    return [
        _("Yours is the last approval: it begins within seconds."),
        _afterwards(row.action),
    ]


def _afterwards(action: Action) -> str:
    step = RunStep.objects.filter(action=action).values("kind", "undo").first()
    if step and step["undo"]:
        return _("Once done it can be taken back, on the page of its run.")
    if step and step["kind"] == GATE:
        return _("It does nothing itself: the run goes on with the steps after it.")
    return _("Once begun it cannot be taken back here.")
