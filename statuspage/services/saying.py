"""A word to the customers: the one way in which a notice becomes public and moves on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.nudge import nudge
from incidents.models import Incident, SeverityPolicy
from incidents.services import timeline
from incidents.services.timeline import Entry
from monitoring.services import end_early
from statuspage.domain.phases import OVER, Kind, Phase, may_follow
from statuspage.domain.states import State
from statuspage.models import Change, Component, Notice, Update
from statuspage.services.announcing import announce
from statuspage.services.holding import hold, say_of, standing
from teams.models import User

PUBLISH = "statuspage.publish"


@dataclass(frozen=True)
class Words:
    """What is said. `states` None: of the components what was said before."""

    phase: Phase
    body_ko: str = ""
    body_en: str = ""
    states: Mapping[Component, State] | None = None
    told: bool = True
    promise: timedelta | None = None  # when the next word comes; None: the severity's
    unless: datetime | None = None  # of a row read before: said only if nobody changed it since


def say(notice: Notice, words: Words, *, by: User | None, at: datetime) -> Update:
    """Raises `Refused` if it cannot follow what was said last, or says nothing."""
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        _check(held, words)
        before = _states(held, words)
        if words.states is not None:
            say_of(held, words.states)
            held.by_person = held.by_person or by is not None
        _move(held, words.phase, at)
        hold(held, at=at, visible=True)
        if held.window and held.is_over:
            end_early(held.window, at=at)  # its alerts call again
        held.impact = held.impact_with([State(one.state) for one in held.affected.all()])
        held.next_update_by = _promised(held, words, at)
        held.draft_ko, held.draft_en, held.chased_at = "", "", None
        held.save()
        update = _write(held, words, before, by, at)
        _note(held, update, by, at)
        if words.told:
            announce(update)
        Change.objects.note("update", at=at)
        nudge(PUBLISH)
    notice.refresh_from_db()
    return update


def _check(notice: Notice, words: Words) -> None:
    last = Phase(notice.phase) if notice.published_at else None
    if words.unless and notice.updated_at != words.unless:
        raise Refused(_("Somebody else has changed this meanwhile. Look at it, then send yours."))
    if notice.is_taken_back:
        raise Refused(_("It was taken back. Add it anew if it has to be told after all."))
    if notice.merged_into_id:
        raise Refused(_("It is told together with another incident: write there."))
    if not may_follow(last, words.phase, Kind(notice.kind)):
        raise Refused(_("That cannot follow what customers were told last."))
    if not (words.body_ko.strip() or words.body_en.strip()):
        raise Refused(_("Say something: customers read the words, not the phase."))
    if not (notice.title_ko.strip() or notice.title_en.strip()):
        raise Refused(_("A title is needed."))


def _states(notice: Notice, words: Words) -> dict[int, State]:
    keys = set(notice.affected.values_list("component", flat=True))
    keys |= {one.pk for one in words.states or {}}
    return standing(keys)


def _move(notice: Notice, phase: Phase, at: datetime) -> None:
    notice.phase = phase
    notice.published_at = notice.published_at or at
    if phase is Phase.MONITORING:
        notice.monitoring_at = at
    if phase is Phase.CANCELLED:
        notice.started_at = at  # it never began: in the history it stands where it was called off
    if phase not in OVER:
        notice.resolved_at = None
    elif notice.resolved_at is None:
        notice.resolved_at = at


def _promised(notice: Notice, words: Words, at: datetime) -> datetime | None:
    if notice.phase in OVER or notice.kind == Kind.MAINTENANCE:
        return None
    every = words.promise
    if every is None and notice.incident:
        policy = SeverityPolicy.objects.filter(severity=notice.incident.severity).first()
        every = policy.update_every if policy else None
    return at + every if every else None


def _write(
    notice: Notice, words: Words, before: Mapping[int, State], by: User | None, at: datetime
) -> Update:
    after = standing(before)
    components = Component.objects.in_bulk(before)
    return Update.objects.create(
        notice=notice, phase=words.phase, at=at, by=by, told=words.told,
        body_ko=words.body_ko.strip(), body_en=words.body_en.strip(),
        changes=[_changed(components[key], old, after[key]) for key, old in before.items()],
    )  # fmt: skip


def _changed(component: Component, old: State, new: State) -> dict[str, Any]:
    return {
        "component": component.public_id,
        "name": {"ko": component.name_ko, "en": component.name_en},
        "old": old,
        "new": new,
    }


def _note(notice: Notice, update: Update, by: User | None, at: datetime) -> None:
    if notice.incident_id is None:
        return
    incident = Incident.objects.select_for_update().get(pk=notice.incident_id)
    text = {"ko": update.body_ko, "en": update.body_en}
    data = {"phase": update.phase, "text": text}
    timeline.append(incident, Entry("public_update", at, by=by, data=data))
