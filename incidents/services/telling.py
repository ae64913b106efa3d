"""How things stand, in words for a chat or a text message, in the language and zone of whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.lifecycle import Status
from incidents.domain.replies import How
from incidents.models import Incident, StatusName
from incidents.queries import last_notes
from integrations.slack import escaped
from teams.oncall import Roster, Turn, rosters_at

SHOWN: Final = 10
TITLE, NOTE = 200, 300  # letters


@dataclass(frozen=True)
class Way:
    """By which somebody asks, and what can be shown there."""

    via: str
    how: How
    prefix: str = ""  # of every command

    @property
    def marked_up(self) -> bool:
        return self.via == "slack"

    def words(self, text: str) -> str:
        return escaped(text) if self.marked_up else text

    def named(self, incident: Incident) -> str:
        title = self.words(incident.heading[:TITLE])
        if self.marked_up:
            return f"<{_address(incident)}|#{incident.number}> {title}"
        return f"#{incident.number} {title}"

    def graded(self, incident: Incident) -> str:
        return f"*{incident.severity}*" if self.marked_up else incident.severity


def help_on(way: Way) -> str:
    lines = {
        _("list"): _("lists what is open"),
        _("ack 214"): _("acknowledges incident 214; without a number, the newest page"),
        _("cannot 214 why"): _("you cannot take it, and whoever is next is called"),
        _("note 214 what I saw"): _("writes a note on its timeline"),
        _("mitigate 214"): _("customers no longer feel it"),
        _("resolve 214"): _("it is over"),
        _("status 214"): _("how it stands"),
        _("who"): _("who is on call now and next"),
        _("declare P1 what is broken"): _("opens an incident and pages its team"),
    }
    mark = "`" if way.marked_up else ""
    return "\n".join(f"{mark}{way.prefix}{typed}{mark} {what}" for typed, what in lines.items())


def open_ones(way: Way) -> str:
    found = Incident.objects.open().select_related("acknowledged_by")
    lines = [_line(each, way) for each in found.order_by("severity", "-number")[:SHOWN]]
    if not lines:
        return _("Nothing is open.")
    if (count := found.count()) > len(lines):
        lines.append(_("… and %(count)s more.") % {"count": count - len(lines)})
    return "\n".join(lines)


def _line(incident: Incident, way: Way) -> str:
    first = incident.acknowledged_by
    who = f" · {way.words(first.name)}" if first else ""
    label = StatusName(incident.status).label
    return f"{way.graded(incident)} {way.named(incident)} · {label}{who}"


def standing(incident: Incident, way: Way, *, at: datetime) -> str:
    lines = [_line(incident, way), *map(way.words, _facts(incident, at))]
    if not way.marked_up:
        lines.append(_address(incident))
    return "\n".join(lines)


def _facts(incident: Incident, at: datetime) -> Iterator[str]:
    began = incident.started_at or incident.detected_at
    yield _("Since %(when)s") % {"when": _local(began, at)}
    if incident.is_open:
        yield _clock(incident, at)
        lead = incident.commander
        yield _("Led by %(name)s") % {"name": lead.name} if lead else _("Nobody leads it yet")
        if firing := incident.alert_links.filter(alert__resolved_at=None).count():
            yield _("Alerts that still fire: %(count)s") % {"count": firing}
    if note := last_notes([incident.number]).get(incident.number):
        yield _("Last note: %(text)s") % {"text": " ".join(note.split())[:NOTE]}


def _clock(incident: Incident, at: datetime) -> str:
    waits = incident.status == Status.TRIGGERED
    left = (incident.respond_by if waits else incident.resolve_by) - at
    said = {"span": durations.words(left, language=get_language() or "ko")}
    if left.total_seconds() < 0:
        late = _("Should have been answered %(span)s ago"), _("Should have been over %(span)s ago")
        return late[not waits] % said
    return (_("%(span)s left to respond") if waits else _("%(span)s left to resolve")) % said


def who_is_on_call(way: Way, *, at: datetime) -> str:
    found = rosters_at(at)
    lines = [f"{roster.rotation.name}: {_turns(roster, at)}" for roster in found[:SHOWN]]
    if not lines:
        return _("There is no on-call rotation.")
    if len(found) > len(lines):
        lines.append(_("… and %(count)s more.") % {"count": len(found) - len(lines)})
    return way.words("\n".join(lines))


def _turns(roster: Roster, at: datetime) -> str:
    now, following = roster.now_and_next(at)
    if not following:
        return _now(now, at)
    said = {"name": following.person.name, "when": _local(following.start, at)}
    then = _("then %(name)s from %(when)s") % said
    return f"{_now(now, at)} · {then}"


def _now(turn: Turn | None, at: datetime) -> str:
    if turn is None:
        return _("nobody now")
    if turn.goes_on:
        return turn.person.name
    return _("%(name)s until %(when)s") % {
        "name": turn.person.name,
        "when": _local(turn.end, at),
    }


def _local(moment: datetime, at: datetime) -> str:
    local, today = timezone.localtime(moment), timezone.localtime(at)
    return local.strftime("%H:%M" if local.date() == today.date() else "%m/%d %H:%M")


def _address(incident: Incident) -> str:
    return f"{settings.BASE_URL}{incident.get_absolute_url()}"
