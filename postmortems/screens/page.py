"""What a postmortem's page shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import label_for_field

from core.money import trx
from postmortems.domain.states import MOVES
from postmortems.domain.states import State as Reached
from postmortems.due import dues
from postmortems.models import Postmortem, State
from postmortems.questions import missing
from postmortems.screens.causes import causes
from postmortems.services import TEXTS
from teams.domain.roles import Action
from teams.models import User


def page(postmortem: Postmortem, reader: User, *, at: datetime) -> dict[str, Any]:
    may_write = reader.may(Action.REVIEW)
    return {
        "postmortem": postmortem,
        "incident": postmortem.incident,
        "may_write": may_write,
        "may_edit": may_write and postmortem.is_open,
        "missing": missing(postmortem),
        "due": dues([postmortem], at=at).get(postmortem.incident_id),
        "causes": causes(postmortem),
        "items": list(postmortem.actions.select_related("person", "team")),
        "moves": [
            (to, State(to).label) for to in Reached if to in MOVES[Reached(postmortem.state)]
        ],
        "texts": list(_texts(postmortem)),
    }


def _texts(postmortem: Postmortem) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        said = getattr(postmortem, name)
        if name != "language" and said not in (None, ""):
            yield named(name), worded(name, said)


def named(name: str) -> str:
    return str(label_for_field(name, Postmortem))


def worded(name: str, said: Any) -> str:
    if said is None:
        return ""
    if name == "trx_spent":
        return trx(said)
    return f"{said:,}" if isinstance(said, int) else str(said)
