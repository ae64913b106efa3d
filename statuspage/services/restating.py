"""The times of what is over are put right afterwards; what was added to the past is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from statuspage.domain.backfill import Fault, Found, Spell, gravest_of
from statuspage.domain.effects import Effect
from statuspage.domain.phases import Kind
from statuspage.domain.states import State
from statuspage.models import Affected, Interval, Notice
from statuspage.services.backfilling import (
    Unfit,
    components_of,
    effects_of,
    publish,
    record,
    spells_wrong,
)
from statuspage.services.correcting import Record, correct
from statuspage.services.weighing import Overtaken
from teams.models import User


@dataclass(frozen=True)
class Times:
    """`kept` by the key of its interval: what is not in it was never so. `why` is read by customers."""

    began_at: datetime
    ended_at: datetime
    kept: Mapping[int, Spell]
    fresh: Sequence[Spell]
    why_ko: str = ""
    why_en: str = ""

    @property
    def spells(self) -> list[Spell]:
        return [*self.kept.values(), *self.fresh]


def recorded(notice: Notice) -> dict[int, Spell]:
    """From when until when it held which component, without what was taken back already."""
    rows = notice.intervals.exclude(ended_at=None).select_related("component")
    return {
        one.pk: Spell(one.component.public_id, State(one.state), one.began_at, one.ended_at)
        for one in rows
        if one.ended_at and one.ended_at > one.began_at
    }


def effects_of_times(notice: Notice, times: Times, *, at: datetime) -> list[Effect]:
    instead = list(notice.intervals.exclude(ended_at=None).select_related("component"))
    return effects_of(times.spells, at=at, instead=instead)


def effects_of_taking_back(notice: Notice, *, at: datetime) -> list[Effect]:
    return effects_of((), at=at, instead=list(notice.intervals.select_related("component")))


def check_times(notice: Notice, times: Times, *, at: datetime) -> None:
    """Raises `Refused` with all that is wrong."""
    if not notice.is_over or notice.published_at is None:
        raise Refused(_("It goes on: say it to customers, then it ends by itself."))
    found = spells_wrong(times.spells, end=times.ended_at, at=at)
    if times.ended_at <= times.began_at:
        found.append(Found(Fault.BACKWARDS))
    if times.ended_at > at:
        found.append(Found(Fault.AHEAD))
    if found:
        raise Unfit(found)
    if any(one.began_at < times.began_at for one in times.spells):
        raise Refused(_("A component was affected before all of it began."))
    if not (times.why_ko.strip() or times.why_en.strip()):
        raise Refused(_("Say why: customers read it beside a month that was closed."))


def put_right(notice: Notice, times: Times, *, seen: str, by: User, at: datetime) -> None:
    """Its words stay as they were said. Raises `Refused`."""
    with transaction.atomic():
        held = _held(notice, seen)
        check_times(held, times, at=at)
        was = recorded(held)
        for row in held.intervals.filter(pk__in=was):
            _correct(row, was[row.pk], times, by=by, at=at)
        record(held, times.fresh, times.why_ko, times.why_en, by=by, at=at)
        Affected.objects.bulk_create(
            [
                Affected(notice=held, component=one, state=State.OPERATIONAL)
                for one in components_of(times.fresh).values()
            ],
            ignore_conflicts=True,
        )
        if times.kept != was or times.fresh:
            held.impact = held.impact if held.kind == Kind.MAINTENANCE else gravest_of(times.spells)
        held.started_at, held.resolved_at = times.began_at, times.ended_at
        held.save()
        publish(at)
    notice.refresh_from_db()


def _correct(row: Interval, was: Spell, times: Times, *, by: User, at: datetime) -> None:
    now = times.kept.get(row.pk) or Spell(was.component, was.state, was.began_at, was.began_at)
    if now != was:
        to = Record(now.state, now.began_at, now.ended_at, times.why_ko, times.why_en)
        correct(row, to, by=by, at=at)


def take_back(
    notice: Notice, why_ko: str, why_en: str, *, seen: str, by: User, at: datetime
) -> None:  # fmt: skip
    """It is on the page no more, and counts nowhere. Raises `Refused` for what was told when it happened."""
    with transaction.atomic():
        held = _held(notice, seen)
        if not held.backfilled or held.published_at is None:
            raise Refused(_("Only what was added later can be taken back."))
        if not (why_ko.strip() or why_en.strip()):
            raise Refused(_("Say why: customers read it beside a month that was closed."))
        for row in held.intervals.all():
            gone = Record(
                State(row.state), row.began_at, row.began_at, why_ko.strip(), why_en.strip()
            )
            correct(row, gone, by=by, at=at)
        held.published_at = None
        held.save()
        publish(at)
    notice.refresh_from_db()


def _held(notice: Notice, seen: str) -> Notice:
    held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if held.updated_at.isoformat() != seen:
        raise Overtaken(_("Somebody else has changed this meanwhile. Look at it, then send yours."))
    return held
