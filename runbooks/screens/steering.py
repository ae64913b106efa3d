"""What follows from a press that is asked about first, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runbooks.domain.runs import State
from runbooks.models import Run, RunStep
from runbooks.screens.books import foretold
from runbooks.screens.nodes import exactly


def of_abort(run: Run) -> dict[str, Any]:
    left = run.steps.filter(state__in=[State.PENDING, State.WAITING], holds=False).count()
    running = run.steps.filter(state=State.RUNNING, holds=False).count()
    follows = [
        ngettext("%(n)s step is not done any more.", "%(n)s steps are not done any more.", left)
        % {"n": left}
    ]
    if running:
        follows.append(
            _("What runs at this moment ends by itself, and its result is written down.")
        )
    if run.steps.filter(state=State.DONE, undo__isnull=False).exists():
        follows.append(_("What was done stays done. Afterwards it can be taken back."))
    else:
        follows.append(_("What was done stays done."))
    return {"title": _("Abort this run"), "button": _("Abort"), "follows": follows, "danger": True}


def of_skip(step: RunStep) -> dict[str, Any]:
    follows = [
        _("This step is not done, and the run goes on as if it were."),
        _("Steps after it that need what it would have found fail."),
    ]
    return {
        "title": _("Skip: %(step)s") % {"step": step.title}, "button": _("Skip"),
        "follows": follows, "exactly": exactly(step, []), "danger": True,
    }  # fmt: skip


def of_done(step: RunStep) -> dict[str, Any]:
    follows = [
        _("You have looked, and it was done: the run goes on after it."),
        _("If it was not done, choose to try it again instead."),
    ]
    return {
        "title": _("It was done: %(step)s") % {"step": step.title}, "button": _("It was done"),
        "follows": follows, "exactly": exactly(step, []), "danger": False,
    }  # fmt: skip


def of_undo(run: Run) -> dict[str, Any]:
    rows = run.steps.filter(state=State.DONE, undo__isnull=False).order_by("-position")
    taken = [(step.title, _back(step)) for step in rows.defer("output", "rows")]
    follows = [
        ngettext(
            "A run of %(n)s step begins, the last done first.",
            "A run of %(n)s steps begins, the last done first.",
            len(taken),
        )
        % {"n": len(taken)}
    ]
    return {
        "title": _("Take back what was done"), "button": _("Take back"),
        "follows": follows, "taken": taken, "danger": True,
    }  # fmt: skip


def _back(step: RunStep) -> str:
    undo = step.undo or {}
    return foretold(undo.get("kind", ""), undo.get("settings", {}))
