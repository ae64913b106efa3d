"""What the timeline says of runs of runbooks: titles lie in the event, in both languages."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.bilingual import in_language

Data = Mapping[str, Any]

STATES: Final[dict[str, Promise]] = {
    "done": pgettext_lazy("step", "done"),
    "failed": pgettext_lazy("step", "failed"),
    "unknown": gettext_lazy("not known whether it was done"),
}
STEERED: Final[dict[str, Promise]] = {
    "paused": gettext_lazy("paused"),
    "running": gettext_lazy("goes on"),
    "stopped": gettext_lazy("stopped, a person decides"),
    "taken_over": gettext_lazy("taken over"),
    "retry": gettext_lazy("tried again"),
    "skip": gettext_lazy("skipped"),
    "done": gettext_lazy("a person says it was done"),
    "answer": gettext_lazy("answered"),
}


def _of(text: Mapping[str, str]) -> str:
    return in_language(text["ko"], text["en"])


def _begun(data: Data) -> str:
    if data.get("undoes"):
        return _("Being taken back: %(runbook)s.") % {"runbook": _of(data["title"])}
    return _("Runbook started: %(runbook)s.") % {"runbook": _of(data["title"])}


def _step(data: Data) -> str:
    """What it found is what a reader looks for; else how it ended."""
    found = " · ".join(_of(one) for one in data.get("said", ()))
    told = found or _came(data.get("text"))
    state = STATES.get(data["state"], data["state"])
    said = f"{_of(data['title'])}, {_of(data['step'])}: {state}."
    return f"{said} {told}" if told else said


def _came(text: Mapping[str, str] | str | None) -> str:
    """What was written before it was kept in both languages is read as it is."""
    return _of(text) if isinstance(text, Mapping) and text else str(text or "")


def _waits(data: Data) -> str:
    words = _("Waits for a person: %(runbook)s, %(step)s.")
    return words % {"runbook": _of(data["title"]), "step": _of(data["step"])}


def _said(data: Data) -> str:
    return f"{_of(data['title'])}: {_of(data['text'])}"


def _steered(data: Data) -> str:
    what = [_of(data["title"])] + ([_of(data["step"])] if "step" in data else [])
    said = f"{', '.join(what)}: {STEERED.get(data['state'], data['state'])}."
    return f"{said} {data['reason']}" if data.get("reason") else said


def _over(data: Data) -> str:
    if data["state"] == "aborted":
        words = _("Runbook aborted: %(runbook)s.") % {"runbook": _of(data["title"])}
        return f"{words} {data['reason']}" if data.get("reason") else words
    return _("Runbook done: %(runbook)s.") % {"runbook": _of(data["title"])}


TELLERS: Final[dict[str, Callable[[Data], str]]] = {
    "run_begun": _begun,
    "run_step": _step,
    "run_waits": _waits,
    "run_said": _said,
    "run_steered": _steered,
    "run_over": _over,
}
