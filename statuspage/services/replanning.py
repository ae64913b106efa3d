"""A maintenance that was announced is moved, takes longer, or is called off; whoever was told of it is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from monitoring.services import end_early
from statuspage import wording
from statuspage.domain.phases import Phase
from statuspage.domain.states import State
from statuspage.models import Change, Notice, Page
from statuspage.services.maintaining import Work, filled_in, quiet_for
from statuspage.services.saying import Words, say
from statuspage.services.weighing import Overtaken
from teams.models import User

LONGER: Final = (30, 60, 120)  # minutes


def plan_of(notice: Notice) -> Work:
    """As it stands, without words."""
    return Work(
        notice.title_ko, notice.title_en, "", "",
        [one.component for one in notice.affected.select_related("component")],
        notice.scheduled_for or notice.started_at, notice.scheduled_until or notice.started_at,
        notice.remind,
    )  # fmt: skip


def replan(notice: Notice, work: Work, *, seen: str, by: User, at: datetime) -> None:
    """Customers are told if it is at another time, of other components, or if there are words. Raises `Refused`."""
    work = filled_in(work)
    with transaction.atomic():
        held = _held(notice, seen)
        was = plan_of(held)
        if held.phase != Phase.SCHEDULED and work.starts_at != was.starts_at:
            raise Refused(_("It has begun already: only its end can be moved."))
        _move(held, was, work, by=by, at=at)
        words = _words(held, was, work)
        if words is None:
            Change.objects.note("maintenance", at=at)
        else:
            say(held, words, by=by, at=at)
    notice.refresh_from_db()


def extend(notice: Notice, minutes: int, *, seen: str, by: User, at: datetime) -> None:
    """It takes so much longer than was said. Raises `Refused` unless it is under way."""
    was = plan_of(notice)
    if notice.phase not in {Phase.IN_PROGRESS, Phase.VERIFYING} or minutes not in LONGER:
        raise Refused(_("Only what is under way can take longer."))
    later = max(was.ends_at, at) + timedelta(minutes=minutes)
    replan(notice, replace(was, ends_at=later), seen=seen, by=by, at=at)


def cancel(notice: Notice, *, seen: str, by: User, at: datetime) -> None:
    """Raises `Refused` if it has begun."""
    with transaction.atomic():
        held = _held(notice, seen)
        texts = wording.in_both(lambda: _("The maintenance is cancelled."))
        say(held, Words(Phase.CANCELLED, *texts), by=by, at=at)
    notice.refresh_from_db()


def _held(notice: Notice, seen: str) -> Notice:
    held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    if held.updated_at.isoformat() != seen:
        raise Overtaken(_("Somebody else has changed this meanwhile. Look at it, then send yours."))
    if held.is_over:
        raise Refused(_("It is over; announce another one."))
    return held


def _move(held: Notice, was: Work, work: Work, *, by: User, at: datetime) -> None:
    """What is quiet of both plans stays quiet: the new window is there before the old one ends."""
    old = held.window
    if _course(work) != _course(was):
        held.window = quiet_for(work, by=by, at=at)
        if old:
            end_early(old, at=at)
    held.title_ko, held.title_en, held.remind = work.title_ko, work.title_en, sorted(work.remind)
    held.scheduled_for, held.scheduled_until = work.starts_at, work.ends_at
    if held.phase == Phase.SCHEDULED:
        held.started_at = work.starts_at
    held.save()


def _words(held: Notice, was: Work, work: Work) -> Words | None:
    """Theirs, or what follows from what changed."""
    if _course(was) == _course(work) and not (work.body_ko.strip() or work.body_en.strip()):
        return None
    korean, english = work.body_ko, work.body_en
    if not (korean.strip() or english.strip()):
        zone = Page.objects.get().time_zone
        korean, english = wording.in_both(lambda: _said(was, work, zone))
    states = dict.fromkeys(work.components, State.MAINTENANCE)
    changed = _keys(was) != _keys(work)
    return Words(Phase(held.phase), korean, english, states if changed else None)


def _said(was: Work, work: Work, zone: str) -> str:
    if work.starts_at != was.starts_at:
        times = wording.times(work.starts_at, work.ends_at, zone)
        return _("The maintenance is moved: it is now %(times)s.") % {"times": times}
    until = wording.time(work.ends_at, zone)
    if work.ends_at > was.ends_at:
        return _("The maintenance takes longer: until %(until)s.") % {"until": until}
    if work.ends_at < was.ends_at:
        return _("The maintenance ends earlier: at %(until)s.") % {"until": until}
    return _("The maintenance concerns other services than announced.")


def _course(work: Work) -> tuple[datetime, datetime, set[int]]:
    return work.starts_at, work.ends_at, _keys(work)


def _keys(work: Work) -> set[int]:
    return {one.pk for one in work.components}
