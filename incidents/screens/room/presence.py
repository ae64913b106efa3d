from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incidents.domain.presence import initials
from incidents.models import Incident
from incidents.services import who_looks

SHOWN: Final = 8


@dataclass(frozen=True)
class Face:
    name: str
    initials: str


@dataclass(frozen=True)
class Presence:
    faces: list[Face]
    more: int


def presence(incident: Incident, *, at: datetime) -> Presence:
    names = [user.name for user in who_looks(incident, at=at)]
    faces = [Face(name, initials(name)) for name in names[:SHOWN]]
    return Presence(faces, max(0, len(names) - SHOWN))
