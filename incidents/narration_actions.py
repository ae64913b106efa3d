"""What the timeline says of guarded actions: their own words, in both languages, lie in the event."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from core.bilingual import in_language

Data = Mapping[str, Any]

# By the word of `runbooks.domain.actions.Why`.
WAITS: dict[str, Promise] = {
    "halted": gettext_lazy("all actions are halted"),
    "switched_off": gettext_lazy("actions of this kind are switched off"),
    "too_much": gettext_lazy("more than one action may spend"),
    "day_spent": gettext_lazy("more than is left of the last 24 hours"),
    "all_spent": gettext_lazy("more than is left of the lifetime budget"),
    "cooling": gettext_lazy("the last one was a short while ago"),
    "approval": gettext_lazy("the limits became stricter: more people have to approve"),
}


# Why an approval counted for nothing.
DENIED: dict[str, Promise] = {
    "own": gettext_lazy("whoever proposed it cannot"),
    "unable": gettext_lazy("they may not approve"),
    "late": gettext_lazy("it was proposed too long ago"),
    "over": gettext_lazy("it was decided already"),
}


def _title(data: Data) -> str:
    return in_language(data["title"]["ko"], data["title"]["en"])


def _with_words(sentence: str) -> Callable[[Data], str]:
    def tell(data: Data) -> str:
        said = _(sentence) % {"action": _title(data)}
        told = _came(data.get("text"))
        return f"{said} {told}" if told else said

    return tell


def _came(text: Mapping[str, str] | str | None) -> str:
    """What was written before it was kept in both languages is read as it is."""
    return in_language(text["ko"], text["en"]) if isinstance(text, Mapping) else text or ""


def _proposed(data: Data) -> str:
    said = _("Proposed: %(action)s.") % {"action": _title(data)}
    if people := data.get("people", 0):
        asked = ngettext(
            "%(count)s person has to approve.", "%(count)s people have to approve.", people
        )
        return f"{said} {asked % {'count': people}}"
    return said


def _approved(data: Data) -> str:
    """One of two is not yet an approval."""
    if data.get("people", 0) > 1:
        words = _("%(done)s of %(people)s approved: %(action)s.")
        return words % {**data, "action": _title(data)}
    return _("Approved: %(action)s.") % {"action": _title(data)}


def _waits(data: Data) -> str:
    why = WAITS.get(data["why"], data["why"])
    return _("Held back: %(action)s (%(why)s).") % {"action": _title(data), "why": why}


def _denied(data: Data) -> str:
    words = _("Approval not taken: %(action)s (%(why)s).")
    return words % {"action": _title(data), "why": DENIED.get(data["why"], data["why"])}


TELLERS: dict[str, Callable[[Data], str]] = {
    "action_proposed": _proposed,
    "action_waits": _waits,
    "action_approved": _approved,
    "action_denied": _denied,
    "action_begun": _with_words(gettext_noop("Being done: %(action)s.")),
    "action_confirmed": _with_words(gettext_noop("Done: %(action)s.")),
    "action_failed": _with_words(gettext_noop("Failed: %(action)s.")),
    "action_lost": _with_words(gettext_noop("Paid, and nothing came of it: %(action)s.")),
    "action_unknown": _with_words(gettext_noop("Outcome not known yet: %(action)s.")),
    "action_refused": _with_words(gettext_noop("Refused: %(action)s.")),
    "action_expired": _with_words(gettext_noop("Expired, nothing was done: %(action)s.")),
    "action_shadowed": _with_words(gettext_noop("In shadow, so not done: %(action)s.")),
}
