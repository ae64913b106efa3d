"""Action items that fall due: their owner hears of it quietly, once before and once after. Safe to run twice, or at once."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.due import MORNING, SOON, Reminder, reminder
from incidents.services.quietly import quietly
from notifications import services as outbox
from notifications.models import Delivery
from postmortems.models import ActionItem
from teams.models import User

BATCH: Final = 100


@transaction.atomic
def remind_due(*, at: datetime) -> int:
    """The rows are locked until their messages stand in the outbox: whoever dies between has done neither."""
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if today.hour < MORNING:
        return 0
    date = today.date()
    due = ActionItem.objects.open().filter(
        Q(due_date__lt=date, told_after=False)
        | Q(due_date__gte=date, due_date__lte=date + SOON, told_before=False)
    )
    rows = due.select_related("person", "team__lead", "postmortem__incident", "postmortem__owner")
    items = list(
        rows.select_for_update(skip_locked=True, of=("self",)).order_by("due_date", "pk")[:BATCH]
    )
    for item in items:
        said = reminder(
            item.due_date, today=date, told_before=item.told_before, told_after=item.told_after
        )
        outbox.queue(_notices(item, said, at))
        item.told_before, item.told_after = said.told_before, said.told_after
    ActionItem.objects.bulk_update(items, ["told_before", "told_after"])
    return len(items)


def _notices(item: ActionItem, said: Reminder, at: datetime) -> list[Delivery]:
    incident = item.postmortem.incident
    context = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "action": item.description,
        "owner": item.owned_by,
        "due": item.due_date.isoformat(),
        "late": said.word == "after",
        "page": f"{settings.BASE_URL}{item.postmortem.get_absolute_url()}#item-{item.pk}",
    }
    step = f"{said.word}:{item.due_date:%y%m%d}"
    return quietly(answers_for(item), f"action:{item.pk}", step, "action_item", context, at=at)


def answers_for(item: ActionItem) -> User | None:
    """The person; of a team who leads it; of what neither owns, whoever owns the postmortem."""
    if item.person:
        return item.person
    return (item.team.lead if item.team else None) or item.postmortem.owner
