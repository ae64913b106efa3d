"""What the timeline says of messages to stakeholders."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import in_language

Data = Mapping[str, Any]


def _named(data: Data) -> dict[str, Any]:
    return dict(data) | {
        part: in_language(data[part]["ko"], data[part]["en"]) for part in ("group", "subject")
    }


def _drafted(data: Data) -> str:
    return _("Draft to %(group)s waits for approval: %(subject)s") % _named(data)


def _approved(data: Data) -> str:
    if data.get("automatic"):
        return _("To %(group)s by rule: %(subject)s") % _named(data)
    return _("Message to %(group)s approved: %(subject)s") % _named(data)


def _sent(data: Data) -> str:
    said = ngettext(
        "%(group)s told: %(reached)s of %(recipients)s recipient. %(subject)s",
        "%(group)s told: %(reached)s of %(recipients)s recipients. %(subject)s",
        data["recipients"],
    )
    return said % _named(data)


def _failed(data: Data) -> str:
    if not data["missed"]:
        return _("Nobody to tell: %(group)s has no address. %(subject)s") % _named(data)
    names = ", ".join(f"{one['name']} ({one['error']})" for one in data["missed"])
    said = _("Message to %(group)s did not reach %(count)s: %(names)s") if data.get("more") else ""
    said = said or _("Message to %(group)s did not reach %(names)s.")
    return said % (_named(data) | {"names": names, "count": len(data["missed"]) + data["more"]})


def _withdrawn(data: Data) -> str:
    whys = {
        "resolved": _("Draft to %(group)s withdrawn, for the incident is over: %(subject)s"),
        "opened": _("Draft to %(group)s withdrawn, for the incident came back: %(subject)s"),
        "impact": _("Draft to %(group)s withdrawn, for customers do not feel it: %(subject)s"),
    }
    plain = _("Draft to %(group)s withdrawn: %(subject)s")
    return whys.get(data.get("why", ""), plain) % _named(data)


def _update_due(data: Data) -> str:
    groups = ", ".join(in_language(group["ko"], group["en"]) for group in data["groups"])
    return _("An update is due: %(groups)s.") % {"groups": groups}


def _impact(data: Data) -> str:
    return _("Customers feel it.") if data["felt"] else _("Customers do not feel it.")


PHASES: dict[str, Promise] = {
    "investigating": gettext_lazy("Investigating"),
    "identified": gettext_lazy("Identified"),
    "monitoring": gettext_lazy("Monitoring"),
    "resolved": gettext_lazy("Resolved"),
    "postmortem": gettext_lazy("Postmortem"),
}


def _public(data: Data) -> str:
    phase, text = PHASES.get(data["phase"], data["phase"]), data["text"]
    if not isinstance(text, str):  # before, it was in one language
        text = in_language(text["ko"], text["en"])
    return _("Status page, %(phase)s: %(text)s") % {"phase": phase, "text": text}


OWED: dict[str, Promise] = {
    "first": gettext_lazy("Customers see that it is broken, and no word of ours."),
    "late": gettext_lazy("Customers wait for a promised update."),
    "over": gettext_lazy("It is resolved, and customers do not know yet."),
}


def _public_due(data: Data) -> str:
    return str(OWED[data["owed"]])


TELLERS: dict[str, Callable[[Data], str]] = {
    "customer_impact": _impact,
    "message_drafted": _drafted,
    "message_approved": _approved,
    "message_sent": _sent,
    "message_failed": _failed,
    "message_withdrawn": _withdrawn,
    "update_due": _update_due,
    "public_update": _public,
    "public_update_due": _public_due,
}
