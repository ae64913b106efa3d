"""Tasks that fall due: said once, and their owner told quietly. Safe to run twice, late, or twice at once."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from incidents.models import Incident, Task
from incidents.services import timeline
from incidents.services.paging import mark, said_in
from incidents.services.quietly import quietly
from incidents.services.timeline import Entry
from notifications import services as outbox
from notifications.models import Delivery

BATCH: Final = 100


def remind_due(*, at: datetime) -> int:
    """One incident after the other, each locked before its tasks, as everybody does."""
    due = Task.objects.open().filter(reminded=False, due_at__lte=at).order_by("due_at")
    numbers = dict.fromkeys(due.values_list("incident_id", flat=True)[:BATCH])
    return sum(_remind(number, at=at) for number in numbers)


@transaction.atomic
def _remind(number: int, *, at: datetime) -> int:
    incident = Incident.objects.select_for_update().get(pk=number)
    due = incident.tasks.open().filter(reminded=False, due_at__lte=at)
    tasks = list(due.select_related("owner").prefetch_related("owner__contacts"))
    due.update(reminded=True)
    entries = [Entry("task_due", at, data=_facts(task)) for task in tasks]
    if entries:
        timeline.append(incident, *entries)
        outbox.queue(notice for task in tasks for notice in _notices(incident, task, at))
    return len(tasks)


def _facts(task: Task) -> dict[str, object]:
    owner = task.owner.name if task.owner else ""
    return {"task": task.pk, "text": task.text, "owner": owner}


def _notices(incident: Incident, task: Task, at: datetime) -> list[Delivery]:
    if task.due_at is None:
        return []
    step = f"task:{task.pk}:{task.due_at:%y%m%d%H%M}"
    context = {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "task": task.text,
        "due_at": task.due_at.isoformat(),
        "localised": {language: _localised(incident, language) for language in ("ko", "en")},
        "room": f"{settings.BASE_URL}{incident.get_absolute_url()}",
    }
    return quietly(task.owner, incident.topic, step, "task", context, at=at)


def _localised(incident: Incident, language: str) -> dict[str, str]:
    with translation.override(language):
        return {"mark": mark(incident)} | said_in(incident, language)
