"""What a timeline event says, in the reader's language: the row keeps facts, the words come here."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from core.bilingual import in_language
from incidents import narration_actions as actions
from incidents import narration_alerts as alerts
from incidents import narration_energy as energy
from incidents import narration_messages as messages
from incidents import narration_paging as paging
from incidents import narration_roles as roles
from incidents import narration_runs as runs
from incidents import narration_work as work
from incidents.models import Event, StatusName

Data = Mapping[str, Any]


def narrate(event: Event) -> str:
    """One plain sentence; a note says what was written."""
    tell = TELLERS.get(event.kind)
    return tell(_in_the_readers_language(event.data)) if tell else event.kind


def _in_the_readers_language(data: Data) -> Data:
    """What the portal itself had written is kept in each of its languages."""
    told = data.get("translations", {}).get((get_language() or "ko")[:2])
    return {**data, **told} if told else data


def _declared(data: Data) -> str:
    if data.get("drill"):
        return _("Drill declared as %(severity)s.") % data
    return _("Incident declared as %(severity)s.") % data


def _moved(data: Data) -> str:
    if data["to"] == "triggered":
        return _("Reopened.")
    label = StatusName(data["to"]).label
    if data.get("merged_into"):
        return _("A duplicate: it goes on as #%(merged_into)s.") % data
    if data.get("counted"):
        return _("%(status)s: whoever answered is enough by the policy that holds now.") % {
            "status": label
        }
    if data.get("via"):
        return paging.by_which_way(str(label), data)
    return f"{label}."


def _severity(data: Data) -> str:
    return _("Severity %(old)s → %(new)s.") % data


def _severity_kept(data: Data) -> str:
    rule = in_language(data["rule"]["ko"], data["rule"]["en"])
    return _("Severity stays %(severity)s; the rule “%(rule)s” suggested %(suggested)s.") % {
        **data,
        "rule": rule,
    }


def _escalated(data: Data) -> str:
    if data["old"] == data["new"]:
        return (
            _(
                "Nobody answered within %(minutes)s minutes: paged again, with the escalation contact."
            )
            % data
        )
    return _("Nobody answered within %(minutes)s minutes: sent up from %(old)s to %(new)s.") % data


def _answered(data: Data) -> str:
    return _("Answered: %(count)s of the %(needed)s who must.") % data


def _answers_lacking(data: Data) -> str:
    return (
        _("It calls again: by the policy that holds now %(needed)s must answer, so far %(count)s.")
        % data
    )


def _answer_lapsed(data: Data) -> str:
    if not data["name"]:
        return _("Nothing was done for %(minutes)s minutes: it calls again.") % data
    return (
        _("%(name)s acknowledged, and nothing was done for %(minutes)s minutes: it calls again.")
        % data
    )


def _leaders_told(data: Data) -> str:
    return _("Told who leads the teams concerned: %(names)s.") % {"names": ", ".join(data["names"])}


def _policy_applied(data: Data) -> str:
    if "name" in data:
        said = _("Version %(version)s of the escalation policy “%(name)s” holds from now on.") % {
            **data,
            "name": in_language(data["name"]["ko"], data["name"]["en"]),
        }
    else:
        said = _("Version %(version)s of the escalation policy holds from now on.") % data
    if not data.get("spared"):
        return said
    spared = _("Withdrawn, as it does not call them: %(names)s.")
    return f"{said} {spared % {'names': ', '.join(data['spared'])}}"


def _unresolved(data: Data) -> str:
    return _("The resolution target of %(minutes)s minutes was missed.") % data


def _response_due_soon(data: Data) -> str:
    return _("Nobody has answered yet: %(left)s left to respond.") % {"left": _left(data)}


def _resolution_due_soon(data: Data) -> str:
    return _("Not over yet: %(left)s left to resolve.") % {"left": _left(data)}


def _left(data: Data) -> str:
    return durations.words(timedelta(seconds=data["seconds"]), language=get_language() or "ko")


def _note(data: Data) -> str:
    return str(data["text"])


TELLERS: dict[str, Callable[[Data], str]] = {
    "declared": _declared,
    "status": _moved,
    "severity": _severity,
    "severity_kept": _severity_kept,
    "escalated": _escalated,
    "answered": _answered,
    "answer_lapsed": _answer_lapsed,
    "answers_lacking": _answers_lacking,
    "leaders_told": _leaders_told,
    "policy_applied": _policy_applied,
    "resolution_missed": _unresolved,
    "response_due_soon": _response_due_soon,
    "resolution_due_soon": _resolution_due_soon,
    "note": _note,
    **actions.TELLERS,
    **runs.TELLERS,
    **energy.TELLERS,
    **alerts.TELLERS,
    **messages.TELLERS,
    **paging.TELLERS,
    **roles.TELLERS,
    **work.TELLERS,
}
