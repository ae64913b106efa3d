"""An incident that was never told is added to the past, where it counts; nobody is told of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.nudge import nudge
from statuspage.domain.backfill import (
    Fault,
    Found,
    Spell,
    Word,
    ended_at,
    faults_of_spells,
    faults_of_words,
    gravest_of,
    in_order,
    state_at,
)
from statuspage.domain.effects import Effect, effects
from statuspage.domain.phases import Kind, Phase
from statuspage.domain.states import State
from statuspage.domain.uptime import Span
from statuspage.models import (
    Affected,
    Change,
    Component,
    Correction,
    Entry,
    Interval,
    Notice,
    Page,
    Source,
    Update,
)
from statuspage.services.freezing import FREEZE, known_of, rules_of
from statuspage.services.saying import PUBLISH
from teams.models import User

WRONG: Final[Mapping[Fault, Promise]] = {
    Fault.UNTITLED: _("A title is needed."),
    Fault.SILENT: _("Say something: at least how it ended."),
    Fault.EMPTY: _("Say something: customers read the words, not the phase."),
    Fault.AHEAD: _("That is still to come. What goes on now is told as an incident."),
    Fault.BACKWARDS: _("It ends after it began."),
    Fault.UNKNOWN: _("The component was not known then: nothing is said of it before its first day."),
    Fault.TWICE: _("Another line says something else of the same component at that time."),
    Fault.DISORDER: _("That cannot follow what was said before it."),
    Fault.UNENDED: _("The last words have to say that it is resolved."),
    Fault.OUTLASTS: _("That is after all was said to be over."),
}  # fmt: skip


@dataclass(frozen=True)
class Past:
    """`why`: what customers read beside a closed month that becomes another; empty: that it was added later."""

    title_ko: str
    title_en: str
    spells: Sequence[Spell]
    words: Sequence[Word]
    impact_override: str = ""
    why_ko: str = ""
    why_en: str = ""


class Unfit(Refused):
    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__(str(WRONG[found[0].fault]))
        self.found = found


def check(past: Past, *, at: datetime) -> None:
    """Raises `Unfit` with all that is wrong."""
    found = [] if past.title_ko.strip() or past.title_en.strip() else [Found(Fault.UNTITLED)]
    found += faults_of_words(past.words, now=at)
    found += spells_wrong(past.spells, end=ended_at(past.words), at=at)
    if found:
        raise Unfit(found)


def spells_wrong(
    spells: Sequence[Spell], *, end: datetime | None, at: datetime
) -> list[Found]:  # fmt: skip
    since = {key: one.since for key, one in components_of(spells).items()}
    zone = Page.objects.get().time_zone
    return list(faults_of_spells(spells, since, end=end, zone=zone, now=at))


def components_of(spells: Iterable[Spell]) -> dict[str, Component]:
    keys = {one.component for one in spells}
    rows = Component.objects.select_related("group").in_bulk(keys, field_name="public_id")
    if missing := keys - set(rows):
        raise Refused(_("There is no component %(id)s.") % {"id": min(missing)})
    return rows


def effects_of(
    spells: Sequence[Spell], *, at: datetime, instead: Sequence[Interval] = ()
) -> list[Effect]:
    """What customers would read of availability then. `instead`: of what is recorded, what would go."""
    keys = {one.component for one in spells} | {one.component.public_id for one in instead}
    components = Component.objects.filter(public_id__in=keys).select_related("group")
    gone = {one.pk for one in instead}
    changed = []
    for one in components.prefetch_related("intervals"):
        rows = list(one.intervals.all())
        kept = [row.span for row in rows if row.pk not in gone]
        fresh = [_span(spell) for spell in spells if spell.component == one.public_id]
        was = known_of(one, [row.span for row in rows])
        changed.append((was, known_of(one, kept + fresh)))
    entries = list(Entry.objects.values_list("said", flat=True))
    return effects(changed, entries, rules_of(Page.objects.get()), now=at)


def _span(one: Spell) -> Span:
    return Span(one.state, int(one.began_at.timestamp()), int(one.ended_at.timestamp()))


def backfill(past: Past, *, key: str, by: User, at: datetime) -> Notice:
    """`key` becomes its public name, so that what is sent twice is added once. Raises `Unfit`."""
    check(past, at=at)
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(public_id=key, defaults=_row(past, at))
        if is_new:
            _write(notice, past, by)
            record(notice, past.spells, past.why_ko, past.why_en, by=by, at=at)
            publish(at)
    return notice


def _row(past: Past, at: datetime) -> dict[str, Any]:
    words = in_order(past.words)
    watched = [one.at for one in words if one.phase is Phase.MONITORING]
    return {
        "kind": Kind.INCIDENT, "phase": words[-1].phase, "backfilled": True,
        "title_ko": past.title_ko.strip(), "title_en": past.title_en.strip(),
        "impact": gravest_of(past.spells), "impact_override": past.impact_override,
        "started_at": min([words[0].at, *(one.began_at for one in past.spells)]),
        "published_at": at, "monitoring_at": watched[-1] if watched else None,
        "resolved_at": ended_at(words), "by_person": True,
    }  # fmt: skip


def _write(notice: Notice, past: Past, by: User) -> None:
    named = components_of(past.spells)
    before = dict.fromkeys(named, State.OPERATIONAL)
    for one in in_order(past.words):
        after = {key: state_at(past.spells, key, one.at) for key in named}
        Update.objects.create(
            notice=notice, phase=one.phase, at=one.at, by=by, told=False,
            body_ko=one.body_ko.strip(), body_en=one.body_en.strip(),
            changes=[_change(named[key], before[key], after[key]) for key in named],
        )  # fmt: skip
        before = after
    Affected.objects.bulk_create(
        Affected(notice=notice, component=one, state=State.OPERATIONAL) for one in named.values()
    )


def _change(one: Component, old: State, new: State) -> dict[str, Any]:
    name = {"ko": one.name_ko, "en": one.name_en}
    return {"component": one.public_id, "name": name, "old": old, "new": new}


def record(
    notice: Notice, spells: Sequence[Spell], why_ko: str, why_en: str, *, by: User, at: datetime
) -> None:
    """As intervals; a reason that somebody gave stands beside each, for the months that are closed."""
    named = components_of(spells)
    for one in spells:
        made = Interval.objects.create(
            notice=notice, component=named[one.component], state=one.state,
            source=Source.BACKFILL, began_at=one.began_at, ended_at=one.ended_at,
        )  # fmt: skip
        if why_ko.strip() or why_en.strip():
            Correction.objects.create(
                interval=made, state=one.state, began_at=one.began_at, ended_at=one.began_at,
                why_ko=why_ko.strip(), why_en=why_en.strip(), by=by, at=at,
            )  # fmt: skip


def publish(at: datetime) -> None:
    Change.objects.note("past", at=at)
    nudge(FREEZE)
    nudge(PUBLISH)
