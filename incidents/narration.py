"""What a timeline event says, in the reader's language: the row keeps facts, the words come here."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import durations
from core.bilingual import in_language
from incidents import narration_actions as actions
from incidents import narration_alerts as alerts
from incidents import narration_energy as energy
from incidents import narration_messages as messages
from incidents import narration_roles as roles
from incidents import narration_work as work
from incidents.domain.replies import How
from incidents.models import Event, StatusName

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
}

CHANNELS: dict[str, Promise] = {
    "voice": gettext_lazy("voice"),
    "sms": gettext_lazy("SMS"),
    "slack": gettext_lazy("Slack"),
    "email": gettext_lazy("email"),
    "webhook": gettext_lazy("webhook"),
}

WAYS: dict[str, Promise] = {
    How.LINK: gettext_lazy("%(status)s, by the link in a page (%(via)s)."),
    How.REPLY: gettext_lazy("%(status)s, by a reply (%(via)s)."),
    How.KEY: gettext_lazy("%(status)s, by a key on the call."),
    How.BUTTON: gettext_lazy("%(status)s, by the button in %(via)s."),
    How.COMMAND: gettext_lazy("%(status)s, by a command in %(via)s."),
}


def reason(why: str) -> str:
    return str(REASONS.get(why, why))


def channel_name(slug: str) -> str:
    return str(CHANNELS.get(slug, slug))


def narrate(event: Event) -> str:
    """One plain sentence; a note says what was written."""
    tell = TELLERS.get(event.kind)
    return tell(event.data) if tell else event.kind


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


def _declared(data: Data) -> str:
    if data.get("drill"):
        return _("Drill declared as %(severity)s.") % data
    return _("Incident declared as %(severity)s.") % data


def _paged(data: Data) -> str:
    return _("Paged %(people)s.") % {"people": _who(data)}


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


def _moved(data: Data) -> str:
    if data["to"] == "triggered":
        return _("Reopened.")
    label = StatusName(data["to"]).label
    if data.get("merged_into"):
        return _("A duplicate: it goes on as #%(merged_into)s.") % data
    if data.get("counted"):
        return _("%(status)s: whoever answered is enough by the policy that holds now.") % {
            "status": label
        }
    if data.get("via"):
        sentence = WAYS.get(data.get("how", How.LINK), WAYS[How.LINK])
        return str(sentence % {"status": label, "via": channel_name(data["via"])})
    return f"{label}."


def _severity(data: Data) -> str:
    return _("Severity %(old)s → %(new)s.") % data


def _severity_kept(data: Data) -> str:
    rule = in_language(data["rule"]["ko"], data["rule"]["en"])
    return _("Severity stays %(severity)s; the rule “%(rule)s” suggested %(suggested)s.") % {
        **data,
        "rule": rule,
    }


def _escalated(data: Data) -> str:
    if data["old"] == data["new"]:
        return (
            _(
                "Nobody answered within %(minutes)s minutes: paged again, with the escalation contact."
            )
            % data
        )
    return _("Nobody answered within %(minutes)s minutes: sent up from %(old)s to %(new)s.") % data


def _next_step(data: Data) -> str:
    if data["lap"] > 1:
        return _("Nobody has answered: step %(step)s of %(steps)s, for the %(lap)s. time.") % data
    return _("Nobody has answered: step %(step)s of %(steps)s.") % data


def _answered(data: Data) -> str:
    return _("Answered: %(count)s of the %(needed)s who must.") % data


def _answers_lacking(data: Data) -> str:
    return (
        _("It calls again: by the policy that holds now %(needed)s must answer, so far %(count)s.")
        % data
    )


def _answer_lapsed(data: Data) -> str:
    if not data["name"]:
        return _("Nothing was done for %(minutes)s minutes: it calls again.") % data
    return (
        _("%(name)s acknowledged, and nothing was done for %(minutes)s minutes: it calls again.")
        % data
    )


def _leaders_told(data: Data) -> str:
    return _("Told who leads the teams concerned: %(names)s.") % {"names": ", ".join(data["names"])}


def _policy_applied(data: Data) -> str:
    if "name" in data:
        said = _("Version %(version)s of the escalation policy “%(name)s” holds from now on.") % {
            **data,
            "name": in_language(data["name"]["ko"], data["name"]["en"]),
        }
    else:
        said = _("Version %(version)s of the escalation policy holds from now on.") % data
    if not data.get("spared"):
        return said
    spared = _("Withdrawn, as it does not call them: %(names)s.")
    return f"{said} {spared % {'names': ', '.join(data['spared'])}}"


def _unresolved(data: Data) -> str:
    return _("The resolution target of %(minutes)s minutes was missed.") % data


def _response_due_soon(data: Data) -> str:
    return _("Nobody has answered yet: %(left)s left to respond.") % {"left": _left(data)}


def _resolution_due_soon(data: Data) -> str:
    return _("Not over yet: %(left)s left to resolve.") % {"left": _left(data)}


def _left(data: Data) -> str:
    return durations.words(timedelta(seconds=data["seconds"]), language=get_language() or "ko")


def _note(data: Data) -> str:
    return str(data["text"])


TELLERS: dict[str, Callable[[Data], str]] = {
    "declared": _declared,
    "paged": _paged,
    "page_sent": _page_sent,
    "page_failed": _page_failed,
    "nobody_to_page": _nobody,
    "status": _moved,
    "severity": _severity,
    "severity_kept": _severity_kept,
    "escalated": _escalated,
    "next_step": _next_step,
    "answered": _answered,
    "answer_lapsed": _answer_lapsed,
    "answers_lacking": _answers_lacking,
    "leaders_told": _leaders_told,
    "policy_applied": _policy_applied,
    "resolution_missed": _unresolved,
    "response_due_soon": _response_due_soon,
    "resolution_due_soon": _resolution_due_soon,
    "note": _note,
    **actions.TELLERS,
    **energy.TELLERS,
    **alerts.TELLERS,
    **messages.TELLERS,
    **roles.TELLERS,
    **work.TELLERS,
}
