"""The pages to come of a simulated incident."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import durations
from incidents.domain.foresight import Turn
from incidents.narration import ways
from incidents.services.foreseeing import Scene
from incidents.services.paging import by_person


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
    known: bool  # nobody, for everyone has been called before


def foreseen(scenes: Iterable[Scene], *, since: datetime) -> list[Foreseen]:
    return [_scene(scene, since) for scene in scenes]


def _scene(scene: Scene, since: datetime) -> Foreseen:
    moment = scene.moment
    people = [
        ForeseenPerson(person["name"], ways(person))
        for person in by_person(scene.pages, at=moment.at)
    ]
    waited = moment.at - since
    after = durations.words(waited, language=get_language() or "ko") if waited else ""
    known = moment.turn == Turn.UNRESOLVED
    return Foreseen(moment.at, after, moment.severity, _turn(scene), people, known)


def _turn(scene: Scene) -> str:
    moment = scene.moment
    said = {"old": moment.old, "new": moment.severity, "step": moment.place + 1}
    if moment.turn == Turn.NEXT_STEP:
        return _("Nobody has answered: the policy's call %(step)s.") % said
    if moment.turn == Turn.UNRESOLVED:
        return _("The resolution target is missed.")
    if moment.turn == Turn.ESCALATED and moment.old != moment.severity:
        return _("Nobody answered in time: sent up from %(old)s to %(new)s.") % said
    if moment.turn == Turn.ESCALATED:
        return _("Nobody answered in time: called again, with the escalation contact.")
    return _("The incident opens.")
