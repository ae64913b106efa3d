"""Who is on call: rotations with their people, read in a fixed number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction
from django.db.models import Prefetch, Q
from django.db.models.functions import Now

from teams.domain import rota
from teams.models import User
from teams.rotations import Layer, LayerMember, Override, Rotation

AHEAD: Final = timedelta(days=60)  # how far the end of a turn is looked for
TOP, REMEMBERED = "on-call-top", 30


class Turn(NamedTuple):
    person: User
    start: datetime
    end: datetime
    stands_in: bool  # by an override
    goes_on: bool  # past the range that was looked at


@dataclass(frozen=True)
class Roster:
    """One rotation, ready to be asked within the range it was read for."""

    rotation: Rotation
    rota: rota.Rotation
    people: dict[int, User]

    def turns(self, start: datetime, end: datetime) -> list[Turn]:
        """In order; a turn of the same person under several layers is one."""
        found: list[Turn] = []
        for shift in rota.shifts(self.rota, start, end):
            goes_on = shift.end == end
            stands_in = shift.layer is None
            turn = Turn(self.people[shift.person], shift.start, shift.end, stands_in, goes_on)
            last = found[-1] if found else None
            if last and (last.person, last.stands_in, last.end) == (turn[0], stands_in, turn.start):
                found[-1] = last._replace(end=turn.end, goes_on=goes_on)
            else:
                found.append(turn)
        return found

    def gaps(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        return rota.gaps(self.rota, start, end)

    def at(self, moment: datetime) -> User | None:
        person = rota.on_call(self.rota, moment)
        return self.people[person] if person is not None else None

    def now_and_next(self, moment: datetime) -> tuple[Turn | None, Turn | None]:
        ahead = self.turns(moment, moment + AHEAD)
        now = ahead[0] if ahead and ahead[0].start == moment else None
        after = [turn for turn in ahead if turn is not now]
        return now, next((turn for turn in after if not now or turn.person != now.person), None)


def rosters(start: datetime, end: datetime, *, only: Iterable[int] | None = None) -> list[Roster]:
    """The rotations as they are between two moments, in a fixed number of queries."""
    rows = Rotation.objects.select_related("team")
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    layers = Layer.objects.holding(start, end).prefetch_related(
        "members__user__contacts", "windows"
    )
    there = Q(user__is_active=True) | Q(ends_at__lte=Now())  # whoever left later was there
    relevant = Override.objects.filter(there, ends_at__gt=start, starts_at__lt=end)
    overrides = relevant.prefetch_related("user__contacts")
    return [
        _roster(row)
        for row in rows.prefetch_related(
            Prefetch("layers", layers), Prefetch("overrides", overrides)
        )
    ]


def rosters_at(moment: datetime, *, only: Iterable[int] | None = None) -> list[Roster]:
    return rosters(moment, moment + AHEAD, only=only)


Watch = tuple[int | None, ...]


def changes(
    rosters: Iterable[Roster], start: datetime, end: datetime
) -> Iterator[tuple[datetime, Watch]]:
    """Who is on call in each of them, at the start and whenever that is somebody else."""
    found, there = list(rosters), dict[int, int | None]()
    events: dict[datetime, dict[int, int | None]] = {start: {}}
    for place, roster in enumerate(found):
        for turn in roster.turns(start, end):
            events.setdefault(turn.start, {})[place] = turn.person.pk
            # Whoever follows at that moment is the one who counts.
            events.setdefault(turn.end, {}).setdefault(place, None)
    for moment in sorted(moment for moment in events if moment < end):
        there |= events[moment]
        yield moment, tuple(there.get(place) for place in range(len(found)))


def _roster(row: Rotation) -> Roster:
    layers, overrides = list(row.layers.all()), list(row.overrides.all())
    people = {member.user for layer in layers for member in layer.members.all()}
    people |= {override.user for override in overrides}
    return Roster(
        row,
        rota.Rotation(
            ZoneInfo(row.time_zone),
            [_layer(layer) for layer in layers],
            [rota.Override(o.user_id, o.starts_at, o.ends_at) for o in overrides],
        ),
        {person.pk: person for person in people},
    )


def _had_left(layer: Layer, member: LayerMember) -> bool:
    return member.left if layer.until else not member.user.is_active


def _layer(layer: Layer) -> rota.Layer:
    """Somebody who has left keeps their place, so that nobody else's turn moves; it is nobody's."""
    return rota.Layer(
        [None if _had_left(layer, member) else member.user_id for member in layer.members.all()],
        datetime.combine(layer.first_day, layer.handover),
        layer.every,
        rota.Unit(layer.unit),
        [rota.Window(w.weekday, w.start, w.end) for w in layer.windows.all()],
        layer.since,
        layer.until,
        ZoneInfo(layer.time_zone) if layer.time_zone else None,
    )


class Named(NamedTuple):
    """Who is named at the top of every page, small enough to be kept for a while."""

    rotation_ko: str
    rotation_en: str
    person: int | None
    name: str
    until: datetime | None


def named_at_the_top(*, at: datetime) -> Named | None:
    """Who is on call in the first rotation, or None where there is none; at most half a minute old."""
    kept = cache.get(TOP)
    if kept is None or (kept and kept[0].until and kept[0].until <= at):
        first = Rotation.objects.values_list("pk", flat=True)[:1]
        kept = [_named(roster, at) for roster in rosters_at(at, only=first)]
        cache.set(TOP, kept, REMEMBERED)
    return kept[0] if kept else None


def forget_top() -> None:
    """Once it is committed: whoever asks before that would remember what was."""
    transaction.on_commit(lambda: cache.delete(TOP))


def _named(roster: Roster, at: datetime) -> Named:
    now, following = roster.now_and_next(at)
    until = now.end if now and not now.goes_on else (following.start if following else None)
    row = roster.rotation
    person, name = (now.person.pk, now.person.name) if now else (None, "")
    return Named(row.name_ko, row.name_en, person, name, until)
