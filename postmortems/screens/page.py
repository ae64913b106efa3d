"""What a postmortem's page shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.contrib.admin.utils import label_for_field
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from core.money import trx
from postmortems.domain.states import MOVES
from postmortems.domain.states import State as Reached
from postmortems.due import dues
from postmortems.models import Comment, Postmortem, RootCause, State
from postmortems.questions import missing
from postmortems.screens.causes import causes
from postmortems.screens.record import record
from postmortems.services import is_told, may_tell, repeats
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
        "factors": list(postmortem.suggestions.all()),
        "talk": _talk(postmortem),
        "repeats": repeats(postmortem),
        "may_tell": may_write and may_tell(postmortem),
        "is_told": not postmortem.is_open and is_told(postmortem),
        "may_comment": reader.may(Action.RESPOND) and postmortem.state != State.CLOSED,
        "moves": [(to, STEPS[to]) for to in Reached if to in MOVES[Reached(postmortem.state)]],
        **{name: list(_texts(postmortem, fields)) for name, fields in SAID.items()},
        **record(postmortem),
    }


STEPS: Final[dict[str, Promise]] = {
    State.DRAFT: gettext_lazy("Back to draft"),
    State.REVIEW: gettext_lazy("Ask for review"),
    State.PUBLISHED: gettext_lazy("Publish this version"),
    State.CLOSED: gettext_lazy("Close"),
}


def _talk(postmortem: Postmortem) -> dict[str, list[Comment]]:
    found: defaultdict[str, list[Comment]] = defaultdict(list)
    for said in postmortem.comments.select_related("by", "resolved_by"):
        found[said.section].append(said)
    return dict(found)


SAID: Final = {
    "counted": (
        "users_affected", "withdrawals_delayed", "revenue_impact", "energy_spent", "trx_spent",
    ),
    "learned": ("went_well", "went_badly", "got_lucky", "lessons"),
    "public": ("public_ko", "public_en"),
}  # fmt: skip


def _texts(postmortem: Postmortem, fields: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in fields:
        said = getattr(postmortem, name)
        if said not in (None, ""):
            yield named(name), worded(name, said)


def named(name: str) -> str:
    return str(label_for_field(name, Postmortem))


def worded(name: str, said: Any) -> str:
    if said is None:
        return ""
    if name == "root_cause":
        return str(dict(RootCause.choices).get(said, said))
    if name == "trx_spent":
        return trx(said)
    return f"{said:,}" if isinstance(said, int) else str(said)
