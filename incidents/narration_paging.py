"""What the timeline says of pages: to whom and by which ways they went, and what was answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bilingual import in_language
from incidents.domain.replies import How
from teams.stakeholders import Way

Data = Mapping[str, Any]

REASONS: dict[str, Promise] = {
    "opened": gettext_lazy("You are on the response team of this severity."),
    "severity": gettext_lazy("The severity was changed."),
    "escalated": gettext_lazy("Nobody answered in time, so it was sent up."),
    "next_step": gettext_lazy("Nobody has answered so far, and you are next."),
    "answer_lapsed": gettext_lazy("It was acknowledged, but nothing has been done since."),
    "policy": gettext_lazy("The escalation policy was changed, and it calls you."),
    "unresolved": gettext_lazy("The resolution target was missed."),
    "reopened": gettext_lazy("The incident was reopened."),
    "assembled": gettext_lazy("The team is called together."),
    "corrected": gettext_lazy("A service of your team is affected too."),
    "declined": gettext_lazy("Nobody else who was called can take it."),
    "called_in": gettext_lazy("%(name)s calls you in."),
}

WAYS: dict[str, Promise] = {
    How.LINK: gettext_lazy("%(status)s, by the link in a page (%(via)s)."),
    How.REPLY: gettext_lazy("%(status)s, by a reply (%(via)s)."),
    How.KEY: gettext_lazy("%(status)s, by a key on the call."),
    How.BUTTON: gettext_lazy("%(status)s, by the button in %(via)s."),
    How.COMMAND: gettext_lazy("%(status)s, by a command in %(via)s."),
}


def reason(why: str, caller: str = "") -> str:
    said = str(REASONS.get(why, why))
    return said % {"name": caller} if caller else said


def channel_name(slug: str) -> str:
    return str(dict(Way.choices).get(slug, slug))


def by_which_way(status: str, data: Data) -> str:
    sentence = WAYS.get(data.get("how", How.LINK), WAYS[How.LINK])
    return str(sentence % {"status": status, "via": channel_name(data["via"])})


def _who(data: Data) -> str:
    return ", ".join(f"{person['name']} ({ways(person)})" for person in data["people"])


def ways(person: Data) -> str:
    """By which channels somebody is paged, and what those wait for."""
    named = ", ".join(_way(channel, person.get("waits", {})) for channel in person["channels"])
    if until := person.get("held_until"):
        said = {"channels": named, "until": date_format(_local(until), "H:i")}
        return _("%(channels)s; held until %(until)s, quiet hours") % said
    return named


def _local(moment: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(moment))


def _way(channel: str, waits: Data) -> str:
    if minutes := waits.get(channel):
        return _("%(channel)s in %(minutes)s min") % {
            "channel": channel_name(channel),
            "minutes": minutes,
        }
    return channel_name(channel)


def _paged(data: Data) -> str:
    return _("Paged %(people)s.") % {"people": _who(data)}


def _called_in(data: Data) -> str:
    said = {"people": _who(data), "words": data["words"]}
    if whom := data.get("whom"):
        said["people"] = f"{in_language(whom['ko'], whom['en'])} — {said['people']}"
    if data["words"]:
        return _("Called in %(people)s: “%(words)s”") % said
    return _("Called in %(people)s.") % said


def _page_sent(data: Data) -> str:
    return _("Handed over: %(people)s.") % {"people": _who(data)}


def _page_failed(data: Data) -> str:
    return _("%(name)s could not be reached by %(channel)s: %(error)s") % {
        **data,
        "channel": channel_name(data["channel"]),
    }


def _nobody(data: Data) -> str:
    return (
        _("Nobody to page: %(severity)s has no team, or none of its people has an address.") % data
    )


def _next_step(data: Data) -> str:
    if data.get("declined"):
        return _("Nobody who was called can take it: step %(step)s of %(steps)s.") % data
    if data.get("early"):
        return _("Called step %(step)s of %(steps)s before its time.") % data
    if data["lap"] > 1:
        return _("Nobody has answered: step %(step)s of %(steps)s, for the %(lap)s. time.") % data
    return _("Nobody has answered: step %(step)s of %(steps)s.") % data


def _joined(data: Data) -> str:
    return by_which_way(_("Joined"), data) if data.get("via") else _("Joined.")


def _declined(data: Data) -> str:
    said = by_which_way(_("Cannot take it"), data) if data.get("via") else _("Cannot take it.")
    return f"{said} “{data['words']}”" if data["words"] else said


TELLERS: dict[str, Callable[[Data], str]] = {
    "paged": _paged,
    "called_in": _called_in,
    "page_sent": _page_sent,
    "page_failed": _page_failed,
    "nobody_to_page": _nobody,
    "next_step": _next_step,
    "joined": _joined,
    "declined": _declined,
}
