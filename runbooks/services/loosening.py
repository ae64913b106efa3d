"""Settings that bound money are changed: what tightens holds at once, what loosens waits for a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from notifications import services as outbox
from runbooks.domain.loosening import (
    VALID_FOR,
    Objection,
    Split,
    State,
    against_confirming,
    split,
)
from runbooks.guarded import Guarded, guarded, written
from runbooks.models import Loosening, LooseningEntry
from runbooks.services import loosening_told as told
from teams.models import User
from teams.signing_in import AccessEvent

PROPOSED: Final = "proposed"


@dataclass(frozen=True)
class Changed:
    """What came of a save: by field, what it was and what it is, and what waits."""

    row: Model
    now: Mapping[str, list[Any]]
    made: bool  # it is a new row
    waiting: Loosening | None = None


def parts(setting: str, wanted: Model) -> Split:
    """What holds at once and what waits. The setting stays locked, so that it is still so when it is saved."""
    kind = guarded[setting]
    return split(kind.rules, kind.values(_held(kind, wanted)), kind.values(wanted))


@transaction.atomic
def change(setting: str, wanted: Model, *, by: User, at: datetime, reason: str = "") -> Changed:
    """Raises Refused when something loosens without a reason."""
    kind = guarded[setting]
    held = _held(kind, wanted)
    old = kind.values(held)
    found = split(kind.rules, old, kind.values(wanted))
    if found.later and not reason.strip():
        raise Refused(_("Say why it shall be looser, for whoever confirms it."))
    now, later = _pairs(old, found.now), _pairs(old, found.later)
    before = held.pk
    row = kind.put(held, found.now, by=by)
    waiting = None
    if later:
        waiting = _propose(setting, row, later, by=by, at=at, reason=reason.strip())
    return Changed(row, now, row.pk != before, waiting)


def _held(kind: Guarded, wanted: Model) -> Model:
    return kind.held(wanted.pk) if wanted.pk else kind.first(wanted)


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [written(old[name]), written(value)] for name, value in new.items()}


def _propose(
    setting: str, row: Model, fields: dict[str, Any], *, by: User, at: datetime, reason: str
) -> Loosening:
    made = Loosening.objects.create(
        setting=setting, row=guarded[setting].key(row), titles=_titles(row), fields=fields,
        reason=reason[:300], proposed_by=by, proposed_at=at, expires_at=at + VALID_FOR,
    )  # fmt: skip
    _note(made, PROPOSED, at=at, by=by)
    told.ask(made, at=at)
    return made


def approve(loosening: Loosening, *, by: User, at: datetime) -> None:
    """The second person's word puts it in force. Raises Refused, which is written down as well."""
    with transaction.atomic():
        fresh = Loosening.objects.select_for_update().get(pk=loosening.pk)
        why: Objection | State | None = _objection(fresh, by, at)
        if why is Objection.EXPIRED:
            _end(fresh, State.EXPIRED, at=at)
        elif why is not None:
            _note(fresh, why, at=at, by=by)
        else:
            why = _apply(fresh, by=by, at=at)
    if why is not None:
        raise Refused(told.objection(why, fresh))


def refuse(loosening: Loosening, *, by: User, at: datetime, reason: str) -> None:
    """Raises Refused when it is over already."""
    with transaction.atomic():
        fresh = Loosening.objects.select_for_update().get(pk=loosening.pk)
        if open_ := fresh.state == State.WAITING:
            _end(fresh, State.REFUSED, at=at, by=by, text=reason)
        else:
            _note(fresh, Objection.OVER, at=at, by=by)
    if not open_:
        raise Refused(told.objection(Objection.OVER, fresh))


def withdraw(loosening: Loosening, *, by: User, at: datetime) -> None:
    """By whoever proposed it. Raises Refused."""
    why = None
    with transaction.atomic():
        fresh = Loosening.objects.select_for_update().get(pk=loosening.pk)
        if fresh.state != State.WAITING:
            why = Objection.OVER
        elif fresh.proposed_by_id != by.pk:
            why = Objection.NOT_THEIRS
        if why:
            _note(fresh, why, at=at, by=by)
        else:
            _end(fresh, State.WITHDRAWN, at=at, by=by)
    if why:
        raise Refused(told.objection(why, fresh))


def expire_loosenings(*, at: datetime) -> int:
    expired = 0
    due = Loosening.objects.filter(state=State.WAITING, expires_at__lte=at)
    for key in due.values_list("pk", flat=True):
        with transaction.atomic():
            fresh = Loosening.objects.select_for_update().get(pk=key)
            if fresh.state == State.WAITING:
                _end(fresh, State.EXPIRED, at=at)
                expired += 1
    return expired


def _objection(loosening: Loosening, by: User, at: datetime) -> Objection | None:
    made = AccessEvent.objects.filter(kind=AccessEvent.Kind.ADMINISTRATOR, user=by)
    return against_confirming(
        loosening.state, proposer=loosening.proposed_by_id, by=by.pk,
        since=made.order_by("-at").values_list("at", flat=True).first(),
        proposed_at=loosening.proposed_at, expires_at=loosening.expires_at, now=at,
    )  # fmt: skip


def _apply(loosening: Loosening, *, by: User, at: datetime) -> State | None:
    """Compare and set: what was changed meanwhile was changed by somebody who did not see this."""
    kind = guarded[loosening.setting]
    row = kind.held(loosening.row)
    still = all(
        written(getattr(row, name)) == before for name, (before, _after) in loosening.fields.items()
    )
    if not still:
        return _end(loosening, State.OUTDATED, at=at, by=by)
    wanted = loosening.wanted.items()
    values = {name: kind.field(name).to_python(value) for name, value in wanted}
    try:
        row = kind.put(row, values, by=loosening.proposed_by)
    except ValidationError as error:
        return _end(loosening, State.OUTDATED, at=at, by=by, text=" ".join(error.messages))
    _end(loosening, State.APPLIED, at=at, by=by)
    told.in_the_history(loosening, row, by=by)
    return None


def _end(
    loosening: Loosening, state: State, *, at: datetime, by: User | None = None, text: str = ""
) -> State:
    loosening.state, loosening.decided_by, loosening.decided_at = state, by, at
    loosening.save(update_fields=["state", "decided_by", "decided_at"])
    _note(loosening, state, at=at, by=by, text=text)
    outbox.cancel_step(told.topic(loosening), told.STEP)
    told.decide(loosening, reason=text, at=at)
    return state


def _note(
    loosening: Loosening, word: str, *, at: datetime, by: User | None = None, text: str = ""
) -> None:
    LooseningEntry.objects.create(loosening=loosening, at=at, by=by, word=word, text=text[:300])


def _titles(row: Model) -> dict[str, str]:
    found = {}
    for language in ("ko", "en"):
        with translation.override(language):
            found[language] = f"{row._meta.verbose_name}: {row}"
    return found
