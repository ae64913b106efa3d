"""What /bongsu does, for whoever typed it in Slack."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from incidents.domain import commands
from incidents.domain.replies import How, Reply
from incidents.models import Incident, StatusName
from incidents.services import answering
from incidents.services.chat import stranger
from incidents.services.opening import declare
from integrations.slack import escaped
from teams.domain.roles import Action
from teams.models import User

SHOWN: Final = 10


def command(user: str, text: str, *, key: str, at: datetime) -> str:
    """What is shown to them and to nobody else, as Slack's own mark-up."""
    return answering.once(f"slack:{key}", at=at, act=lambda: _answer(user, text, at))


def _answer(user: str, text: str, at: datetime) -> str:
    person = answering.whose("slack", user)
    with translation.override(person.language if person else settings.LANGUAGE_CODE):
        if person is None:
            return stranger(user)
        match commands.read(text):
            case commands.ListOpen():
                return _open_ones()
            case commands.Declare(severity, title):
                return _declared(person, severity, title, at)
            case Reply(number):
                return _acknowledged(person, number, at)
        return _help()


def _help() -> str:
    lines = {
        "/bongsu": _("lists what is open"),
        _("/bongsu ack 214"): _("acknowledges incident 214; without a number, the newest page"),
        _("/bongsu declare P1 what is broken"): _("opens an incident and pages its team"),
    }
    return "\n".join(f"`{typed}` {what}" for typed, what in lines.items())


def _open_ones() -> str:
    found = Incident.objects.open().select_related("acknowledged_by")
    lines = [_line(each) for each in found.order_by("severity", "-number")[:SHOWN]]
    if not lines:
        return _("Nothing is open.")
    if (count := found.count()) > len(lines):
        lines.append(_("… and %(count)s more.") % {"count": count - len(lines)})
    return "\n".join(lines)


def _line(incident: Incident) -> str:
    who = f" · {escaped(incident.acknowledged_by.name)}" if incident.acknowledged_by else ""
    label = StatusName(incident.status).label
    return f"*{incident.severity}* {_linked(incident)} · {label}{who}"


def _linked(incident: Incident) -> str:
    address = settings.BASE_URL + incident.get_absolute_url()
    return f"<{address}|#{incident.number}> {escaped(incident.title[:200])}"


def _declared(person: User, severity: str, title: str, at: datetime) -> str:
    if not person.may(Action.RESPOND):
        return _("Your role may not declare incidents. Ask an administrator.")
    try:
        incident = declare(title, severity=severity, by=person, at=at)
    except Refused as refused:
        return str(refused)
    said = {"severity": severity, "incident": _linked(incident)}
    return _("Declared as %(severity)s: %(incident)s. Its team is being paged.") % said


def _acknowledged(person: User, number: int | None, at: datetime) -> str:
    incident = answering.meant(person, number, channel="slack")
    if incident is None:
        return _('No page to you fits. Write "ack" and the incident\'s number, as in "ack 214".')
    said = answering.acknowledged(incident, by=person, at=at, via="slack", how=How.COMMAND)
    return escaped(said)
