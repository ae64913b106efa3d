"""A recorded time put right by a person, with a reason that the public reads when its month was frozen already."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from statuspage.domain.states import State
from statuspage.models import Change, Component, Correction, Interval, Source
from statuspage.services.freezing import FREEZE
from statuspage.services.saying import PUBLISH
from teams.models import User


@dataclass(frozen=True)
class Record:
    """`began_at` and `ended_at` the same: it was not so at all."""

    state: State
    began_at: datetime
    ended_at: datetime
    why_ko: str = ""
    why_en: str = ""


def correct(interval: Interval, to: Record, *, by: User, at: datetime) -> None:
    """Only what is over: what goes on is put right by the next word to customers."""
    with transaction.atomic():
        held = Interval.objects.select_for_update().get(pk=interval.pk)
        if held.ended_at is None:
            raise Refused(_("It goes on: say it to customers, then it ends by itself."))
        was = Record(State(held.state), held.began_at, held.ended_at, to.why_ko, to.why_en)
        held.state, held.began_at, held.ended_at = to.state, to.began_at, to.ended_at
        held.save(update_fields=["state", "began_at", "ended_at"])
        _note(held, was, by, at)


def add(component: Component, record: Record, *, by: User, at: datetime) -> Interval:
    """What nobody had recorded."""
    with transaction.atomic():
        made = Interval.objects.create(
            component=component, state=record.state, source=Source.BACKFILL,
            began_at=record.began_at, ended_at=record.ended_at,
        )  # fmt: skip
        was = Record(
            record.state, record.began_at, record.began_at, record.why_ko, record.why_en
        )  # fmt: skip
        _note(made, was, by, at)
        return made


def _note(interval: Interval, was: Record, by: User, at: datetime) -> None:
    Correction.objects.create(
        interval=interval, state=was.state, began_at=was.began_at, ended_at=was.ended_at,
        why_ko=was.why_ko, why_en=was.why_en, by=by, at=at,
    )  # fmt: skip
    Change.objects.note("correction", at=at)
    nudge(FREEZE)
    nudge(PUBLISH)
