"""What the timeline says of tasks, evidence, corrections and linked incidents."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bilingual import in_language
from incidents.domain.relations import Relation

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


def _corrected(data: Data) -> str:
    return " ".join(_corrections(data))


def _corrections(data: Data) -> Iterator[str]:
    if title := data.get("title"):
        yield _("Title: “%(before)s” → “%(now)s”.") % {"before": title[0], "now": title[1]}
    for named, sentence in ((data["added"], _("Also affected: %(names)s.")), (data["removed"], _("Not affected after all: %(names)s."))):  # fmt: skip
        if named:
            names = ", ".join(in_language(each["ko"], each["en"]) for each in named)
            yield sentence % {"names": names}
    if began := data.get("started_at"):
        yield _("It began: %(time)s.") % {"time": _moment(began[1])}
    if description := data.get("description"):
        yield _("Description: %(text)s") % {"text": description[1] or "–"}


def _relieved(data: Data) -> str:
    names = ", ".join(in_language(each["ko"], each["en"]) for each in data["services"])
    return _("No longer affected: %(names)s.") % {"names": names}


def _moment(said: str | None) -> str:
    """With its day: it may have begun before midnight."""
    if not said:
        return _("not known")
    return date_format(timezone.localtime(datetime.fromisoformat(said)), "Y-m-d H:i")


LINKED = {
    Relation.RELATED: gettext_lazy("Related to #%(number)s: %(title)s"),
    Relation.CAUSED_BY: gettext_lazy("Caused by #%(number)s: %(title)s"),
    Relation.CAUSES: gettext_lazy("The cause of #%(number)s: %(title)s"),
    Relation.DUPLICATE: gettext_lazy("A duplicate of #%(number)s: %(title)s"),
}
UNLINKED = {
    Relation.RELATED: gettext_lazy("Not related to #%(number)s after all: %(title)s"),
    Relation.CAUSED_BY: gettext_lazy("Not caused by #%(number)s after all: %(title)s"),
    Relation.CAUSES: gettext_lazy("Not the cause of #%(number)s after all: %(title)s"),
    Relation.DUPLICATE: gettext_lazy("Not a duplicate of #%(number)s after all: %(title)s"),
}


def _linked(data: Data) -> str:
    return LINKED[data["relation"]] % data


def _unlinked(data: Data) -> str:
    return UNLINKED[data["relation"]] % data


TELLERS: dict[str, Callable[[Data], str]] = {
    "corrected": _corrected,
    "relieved": _relieved,
    "evidence_added": _evidence_added,
    "evidence_removed": _evidence_removed,
    "linked": _linked,
    "unlinked": _unlinked,
    "task_added": _task_added,
    "task_changed": _task_changed,
    "task_done": _task_done,
    "task_undone": _task_undone,
    "task_due": _task_due,
}
