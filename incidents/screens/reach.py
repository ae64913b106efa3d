"""The pages to come of a simulated incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.foresight import Turn
from incidents.domain.paging import Page
from incidents.narration_paging import ways
from incidents.services.foreseeing import Scene
from incidents.services.paging import by_person
from teams.models import User


@dataclass(frozen=True)
class ForeseenPerson:
    name: str
    channels: str


@dataclass(frozen=True)
class Foreseen:
    at: datetime
    after: str
    severity: str
    text: str
    people: list[ForeseenPerson]
    spared: str  # whom an answer or a sooner page spares one that would have waited
    calls: bool
    known: bool  # nobody, for everyone has been called before


def foreseen(
    scenes: Iterable[Scene], *, since: datetime, who: User | None = None
) -> list[Foreseen]:
    name = who.name if who else ""
    return [_scene(scene, since, name) for scene in scenes]


def _scene(scene: Scene, since: datetime, name: str) -> Foreseen:
    moment = scene.moment
    waited = moment.at - since
    after = durations.words(waited, language=get_language() or "ko") if waited else ""
    people, spared = _people(scene.pages, moment.at), _people(scene.spared, moment.at)
    return Foreseen(
        moment.at, after, moment.severity, _turn(scene, name), people,
        ", ".join(f"{person.name} ({person.channels})" for person in spared),
        scene.calls, scene.known,
    )  # fmt: skip


def _people(pages: Iterable[Page], at: datetime) -> list[ForeseenPerson]:
    return [ForeseenPerson(person["name"], ways(person)) for person in by_person(pages, at=at)]


CALLS = {
    Turn.OPENED: gettext_lazy("The incident opens."),
    Turn.NEXT_STEP: gettext_lazy("Nobody has answered: the policy's call %(step)s."),
    Turn.UNRESOLVED: gettext_lazy("The resolution target is missed."),
    Turn.ANSWERED: gettext_lazy("%(name)s answers; more people must."),
    Turn.ACKNOWLEDGED: gettext_lazy("%(name)s acknowledges it: nobody else is called."),
    Turn.LAPSED: gettext_lazy("%(name)s has done nothing since: called again."),
    Turn.MITIGATED: gettext_lazy("%(name)s has mitigated it: nobody else is called."),
    Turn.RESOLVED: gettext_lazy("%(name)s has resolved it."),
    Turn.CHANGED: gettext_lazy("The severity is changed from %(old)s to %(new)s."),
}


def _turn(scene: Scene, name: str) -> str:
    moment = scene.moment
    said = {"old": moment.old, "new": moment.severity, "step": moment.place + 1, "name": name}
    if moment.turn == Turn.NEXT_STEP and moment.answered:
        return _("Too few have answered: the policy's call %(step)s.") % said
    if moment.turn != Turn.ESCALATED:
        return str(CALLS[moment.turn]) % said
    if moment.old != moment.severity:
        return _("Nobody answered in time: sent up from %(old)s to %(new)s.") % said
    return _("Nobody answered in time: called again, with the escalation contact.")
