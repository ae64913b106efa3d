"""What people ask for by /bongsu in Slack or by text message: the rules are the portal's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from incidents.domain import commands
from incidents.domain.commands import About
from incidents.domain.replies import Decline, Reply
from incidents.models import Incident, IncidentQuerySet
from incidents.services import answering, confirming, telling
from incidents.services.moving import AlreadyMoved
from incidents.services.noting import note
from incidents.services.opening import declare
from incidents.services.responding import mitigate, resolve
from incidents.services.telling import Way
from teams.domain.roles import Action
from teams.models import User

VERBS: Final = {
    commands.Declare: gettext_lazy("declare"),
    commands.Mitigate: gettext_lazy("mitigate"),
    commands.Resolve: gettext_lazy("resolve"),
}


@dataclass(frozen=True)
class Asker:
    person: User
    way: Way
    at: datetime
    place: str = ""  # the Slack channel they write in

    def answer(self, text: str) -> str:
        """What they are told, in their language."""
        zone = ZoneInfo(self.person.time_zone)
        with translation.override(self.person.language), timezone.override(zone):
            try:
                return self._heard(commands.read(text))
            except Refused as refused:
                return self.way.words(str(refused))

    def _heard(self, command: commands.Command) -> str:
        """Slack vouches for who writes; of a text only what is sent back proves it."""
        if self.way.via != "sms":
            return self._carry_out(command)
        match command:
            case commands.Declare() | commands.Mitigate() | commands.Resolve():
                return self._asked_for_a_code(command)
            case commands.Code(digits):
                return self._carry_out(confirming.confirmed(self.person, digits, at=self.at))
        return self._carry_out(command)

    def _carry_out(self, command: commands.Command) -> str:
        match command:
            case Reply() | Decline():
                return self._answered(command)
            case commands.Declare(severity, title):
                return self._declared(severity, title)
            case commands.Note():
                return self._noted(command)
            case commands.Mitigate():
                return self._moved(command, mitigate, Action.RESPOND)
            case commands.Resolve():
                return self._moved(command, resolve, Action.COMMAND)
        return self._told(command)

    def _asked_for_a_code(self, command: commands.Grave) -> str:
        self._demand(Action.COMMAND if isinstance(command, commands.Resolve) else Action.RESPOND)
        if isinstance(command, commands.Declare):
            about = f"{command.severity} {command.title[: telling.TITLE]}"
        else:
            incident = self._meant(command)
            command, about = type(command)(incident.pk), self.way.named(incident)
        digits = confirming.ask(self.person, command, at=self.at)
        said = {"code": digits, "verb": VERBS[type(command)], "about": about}
        return _("Write %(code)s to confirm: %(verb)s %(about)s") % said

    def _told(self, command: commands.Command) -> str:
        match command:
            case commands.ListOpen():
                return telling.open_ones(self.way)
            case commands.Who():
                return telling.who_is_on_call(self.way, at=self.at)
            case commands.Show() if (
                command.number is not None or self._here() or _open().count() == 1
            ):
                return telling.standing(self._meant(command), self.way, at=self.at)
            case commands.Show():
                return telling.open_ones(self.way)
        return telling.help_on(self.way)

    def _answered(self, reply: Reply | Decline) -> str:
        way, incident = self.way, answering.meant(self.person, reply.number, channel=self.way.via)
        if incident is None:
            raise Refused(
                _('No page to you fits. Write "ack" and the incident\'s number, as in "ack 214".')
            )
        given: dict[str, Any] = {"by": self.person, "at": self.at, "via": way.via, "how": way.how}
        match reply:
            case Decline(_number, words):
                return way.words(answering.declined(incident, **given, words=words))
        return way.words(answering.acknowledged(incident, **given))

    def _declared(self, severity: str, title: str) -> str:
        self._demand(Action.RESPOND)
        incident = declare(title, severity=severity, by=self.person, at=self.at)
        said = {"severity": severity, "incident": self.way.named(incident)}
        return _("Declared as %(severity)s: %(incident)s. Its team is being paged.") % said

    def _noted(self, command: commands.Note) -> str:
        self._demand(Action.RESPOND)
        incident = self._meant(command)
        if not command.sure and not incident.is_open:
            raise Refused(
                _("#%(number)s is over. If you mean it, write “note #%(number)s …”. Nothing was noted.")
                % {"number": incident.number}
            )  # fmt: skip
        note(incident, command.text, by=self.person, at=self.at)
        return _("Noted: %(incident)s") % {"incident": self.way.named(incident)}

    def _moved(self, command: About, service: Callable[..., None], action: Action) -> str:
        self._demand(action)
        incident, way = self._meant(command), self.way
        try:
            service(
                incident, by=self.person, at=self.at, way={"via": way.via, "how": way.how.value}
            )
        except AlreadyMoved as moved:
            return telling.standing(moved.incident, way, at=self.at)
        return telling.standing(incident, way, at=self.at)

    def _demand(self, action: Action) -> None:
        """As the portal does; and a sender's number, which can be forged, must be proved theirs."""
        if not self.person.may(action):
            raise Refused(_("Your role may not do that. Ask an administrator."))
        ways = self.person.contacts.filter(channel=self.way.via, enabled=True)
        if self.way.via == "sms" and not ways.filter(verified_at__isnull=False).exists():
            raise Refused(
                _("Prove first that this number is yours, under “My contacts”. Until then it only answers pages.")
            )  # fmt: skip

    def _meant(self, command: About) -> Incident:
        """The one they name, the one whose channel they write in, or the only one that is open."""
        if command.number is not None:
            if named := Incident.objects.filter(pk=command.number).first():
                return named
            raise Refused(_("There is no incident #%(number)s.") % {"number": command.number})
        if here := self._here():
            return here
        found = list(_open()[:2])
        if not found:
            raise Refused(_("Nothing is open."))
        if len(found) > 1:
            raise Refused(_("Several incidents are open. Write which, as in “resolve 214”."))
        return found[0]

    def _here(self) -> Incident | None:
        if not self.place:
            return None
        return Incident.objects.filter(assembly__channel=self.place).first()


def _open() -> IncidentQuerySet:
    return Incident.objects.open()
