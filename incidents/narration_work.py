"""What the timeline says of tasks and evidence."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Data = Mapping[str, Any]


def _task_added(data: Data) -> str:
    return _("Task: %(text)s") % data + _for_whom(data)


def _task_changed(data: Data) -> str:
    return _("Task changed: %(text)s") % data + _for_whom(data)


def _for_whom(data: Data) -> str:
    return f" → {data['owner']}" if data["owner"] else ""


def _task_done(data: Data) -> str:
    return _("Task done: %(text)s") % data


def _task_undone(data: Data) -> str:
    return _("Task not done after all: %(text)s") % data


def _task_due(data: Data) -> str:
    if data["owner"]:
        return _("Task due, %(owner)s is reminded: %(text)s") % data
    return _("Task due, and nobody's: %(text)s") % data


def _evidence_added(data: Data) -> str:
    return _("Evidence: %(name)s (SHA-256 %(start)s…)") % {**data, "start": data["sha256"][:12]}


def _evidence_removed(data: Data) -> str:
    return _("Evidence removed: %(name)s (SHA-256 %(start)s…)") % {
        **data,
        "start": data["sha256"][:12],
    }


TELLERS: dict[str, Callable[[Data], str]] = {
    "evidence_added": _evidence_added,
    "evidence_removed": _evidence_removed,
    "task_added": _task_added,
    "task_changed": _task_changed,
    "task_done": _task_done,
    "task_undone": _task_undone,
    "task_due": _task_due,
}
