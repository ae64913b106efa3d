"""Tasks of an incident. Each change holds the incident's row first, then moves the task by compare-and-set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.models import Incident, Task
from incidents.services import timeline
from incidents.services.timeline import Entry
from notifications import services as outbox
from teams.models import User

MOST: Final = 100


def add_task(
    incident: Incident,
    text: str,
    *,
    by: User,
    at: datetime,
    owner: User | None = None,
    due_at: datetime | None = None,
) -> Task:
    with _holding(incident):
        if incident.tasks.count() >= MOST:
            raise Refused(_("%(most)s tasks are enough for one incident.") % {"most": MOST})
        task = incident.tasks.create(
            text=_plain(text), owner=owner, due_at=due_at, created_at=at, created_by=by
        )
        timeline.append(incident, Entry("task_added", at, by=by, data=_facts(task)))
    return task


def change_task(
    incident: Incident,
    task: int,
    *,
    by: User,
    at: datetime,
    owner: User | None,
    due_at: datetime | None,
    text: str | None = None,
) -> None:
    """Who does it and by when, and what, if that is said. A new time is reminded of anew."""
    with _holding(incident):
        found = _task(incident, task)
        words = found.text if text is None else _plain(text)
        if (found.text, found.owner, found.due_at) == (words, owner, due_at):
            return
        found.reminded = found.reminded and due_at == found.due_at
        found.text, found.owner, found.due_at = words, owner, due_at
        found.save(update_fields=["text", "owner", "due_at", "reminded"])
        timeline.append(incident, Entry("task_changed", at, by=by, data=_facts(found)))


def finish_task(incident: Incident, task: int, *, by: User, at: datetime) -> None:
    with _holding(incident):
        found = _task(incident, task)
        moved = Task.objects.open().filter(pk=found.pk).update(done_at=at, done_by=by)
        if moved:
            outbox.cancel_step(incident.topic, f"task:{found.pk}:")
            timeline.append(incident, Entry("task_done", at, by=by, data=_facts(found)))


def undo_task(incident: Incident, task: int, *, by: User, at: datetime) -> None:
    """It was not done after all."""
    with _holding(incident):
        found = _task(incident, task)
        done = Task.objects.filter(pk=found.pk, done_at__isnull=False)
        if done.update(done_at=None, done_by=None):
            timeline.append(incident, Entry("task_undone", at, by=by, data=_facts(found)))


@contextmanager
def _holding(incident: Incident) -> Iterator[None]:
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        yield


def _task(incident: Incident, task: int) -> Task:
    found = incident.tasks.select_related("owner").filter(pk=task).first()
    if found is None:
        raise Refused(_("There is no such task in this incident."))
    return found


def _plain(text: str) -> str:
    plain = " ".join(text.split())[:500]
    if not plain:
        raise Refused(_("A task needs words."))
    return plain


def _facts(task: Task) -> dict[str, object]:
    return {
        "task": task.pk,
        "text": task.text,
        "owner": task.owner.name if task.owner else "",
        "due_at": task.due_at.isoformat() if task.due_at else "",
    }
