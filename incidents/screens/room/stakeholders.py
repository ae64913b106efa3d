"""Who outside the team has been told, and what waits for somebody who may send it."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Incident, MessageState, StakeholderMessage


@dataclass(frozen=True)
class GroupTold:
    group: str
    state: str
    state_name: str
    told_at: datetime | None
    waiting_since: datetime | None
    goes_at: datetime | None


def stakeholders(incident: Incident) -> list[GroupTold]:
    """Each group once, with what it heard last; a draft that waits comes first."""
    rows = incident.messages.select_related("group").order_by("-drafted_at")[:100]
    told: dict[int, datetime] = {}
    waiting: dict[int, datetime] = {}
    newest: dict[int, StakeholderMessage] = {}
    for one in rows:
        if one.state == MessageState.WITHDRAWN:
            continue
        newest.setdefault(one.group_id, one)
        if one.state == MessageState.DRAFT:
            waiting[one.group_id] = one.drafted_at
        elif one.reached and one.group_id not in told:
            told[one.group_id] = one.finished_at or one.queued_at or one.drafted_at
    found = [
        GroupTold(
            one.group.name, one.state, str(MessageState(one.state).label), told.get(group),
            waiting.get(group), None if one.queued_at else one.goes_at,
        )
        for group, one in newest.items()
    ]  # fmt: skip
    return sorted(found, key=lambda group: (group.waiting_since is None, group.group))
