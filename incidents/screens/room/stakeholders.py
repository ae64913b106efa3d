"""Who outside the team has been told, what is due to them, and what waits for approval."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Briefing, Incident, MessageState, StakeholderMessage
from incidents.models.messages import RELEASED


@dataclass(frozen=True)
class GroupTold:
    group: str
    slug: str
    failed: bool
    told_at: datetime | None
    waiting_since: datetime | None
    goes_at: datetime | None  # while it waits for its digest
    due_at: datetime | None
    overdue: bool


def stakeholders(incident: Incident, *, at: datetime) -> list[GroupTold]:
    """Each group once; what waits or is overdue comes first."""
    live = incident.messages.exclude(state=MessageState.WITHDRAWN).select_related("group")
    by_group: dict[int, list[StakeholderMessage]] = {}
    for message in live.order_by("-drafted_at")[:200]:
        by_group.setdefault(message.group_id, []).append(message)
    promises = {row.group_id: row for row in incident.briefings.all()} if by_group else {}
    found = [_row(rows, promises.get(group), at) for group, rows in by_group.items()]
    return sorted(found, key=lambda row: (not row.overdue, row.waiting_since is None, row.group))


def _row(rows: list[StakeholderMessage], promise: Briefing | None, at: datetime) -> GroupTold:
    """`rows` are the newest first."""
    drafts = [row.drafted_at for row in rows if row.state == MessageState.DRAFT]
    sent = [row for row in rows if row.state in RELEASED]
    reached = [row.finished_at or row.queued_at for row in sent if row.reached]
    due = promise.due_at if promise else None
    return GroupTold(
        group=rows[0].group.name,
        slug=rows[0].group.slug,
        failed=bool(sent) and sent[0].state == MessageState.FAILED,
        told_at=(promise and promise.told_at) or next(iter(reached), None),
        waiting_since=drafts[0] if drafts else None,
        goes_at=sent[0].goes_at if sent and not sent[0].queued_at else None,
        due_at=due,
        overdue=bool(due and due <= at),
    )
