from dataclasses import dataclass
from datetime import datetime

from incidents.models import Incident


@dataclass(frozen=True)
class Item:
    number: int
    text: str
    owner: str
    due_at: datetime | None
    overdue: bool
    done_at: datetime | None
    done_by: str


def tasks(incident: Incident, at: datetime) -> list[Item]:
    """Open ones by what is due first, then what is done."""
    rows = incident.tasks.select_related("owner", "done_by")
    items = [
        Item(
            number=task.pk,
            text=task.text,
            owner=task.owner.name if task.owner else "",
            due_at=task.due_at,
            overdue=bool(task.due_at and task.due_at < at and not task.done_at),
            done_at=task.done_at,
            done_by=task.done_by.name if task.done_by else "",
        )
        for task in rows
    ]
    return sorted(items, key=_order)


def _order(item: Item) -> tuple[bool, bool, float, int]:
    due = item.due_at.timestamp() if item.due_at else 0
    return item.done_at is not None, item.due_at is None, due, item.number
