"""Actions on the timeline of their incident. Callers have locked the incident's row (`held`)."""

from datetime import datetime
from typing import Any

from core.bilingual import in_both
from incidents.models import Incident
from incidents.services import timeline
from incidents.services.timeline import Entry
from runbooks.domain.actions import Words
from runbooks.models import Action
from teams.models import User


def held(action: Action) -> Incident | None:
    """The incident's row before the action's: whoever needs both takes them in this order."""
    if action.incident_id is None:
        return None
    return Incident.objects.select_for_update().get(pk=action.incident_id)


def write(
    incident: Incident | None,
    word: str,
    action: Action,
    *,
    at: datetime,
    by: User | None = None,
    **more: Any,
) -> None:
    """`word` is what became of it: proposed, approved, begun, or the state in which it is over."""
    if incident is None:
        return
    data = {"action": action.pk, "kind": action.kind, "title": titles(action), "sun": action.sun}
    if told := action.told:
        data["text"] = told
    timeline.append(incident, Entry(f"action_{word}", at, by=by, data=data | more))


def line(text: Words) -> dict[str, str]:
    """What came of an action, as its row keeps it."""
    return {f"text_{language}": told[:500] for language, told in in_both(text).items()}


def titles(action: Action) -> dict[str, str]:
    """In every language, as a row of the timeline is read by anybody for ever."""
    return in_both(action)
