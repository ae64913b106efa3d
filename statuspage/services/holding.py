"""What notices say of components, as intervals: one open a notice and component, never more."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from statuspage.domain.phases import HOLDS, Kind
from statuspage.domain.states import State, worst
from statuspage.models import Affected, Component, Interval, Notice, Source


def say_of(notice: Notice, states: Mapping[Component, State]) -> None:
    """Exactly these components, from now on."""
    notice.affected.exclude(component__in=states).delete()
    Affected.objects.bulk_create(
        [Affected(notice=notice, component=one, state=state) for one, state in states.items()],
        update_conflicts=True, unique_fields=["notice", "component"], update_fields=["state"],
    )  # fmt: skip


def hold(notice: Notice, *, at: datetime, visible: bool) -> bool:
    """Bring the intervals to what the notice says; whether anything moved. The caller holds its row."""
    says = visible and notice.phase in HOLDS
    rows = notice.affected.exclude(state=State.OPERATIONAL) if says else Affected.objects.none()
    wanted = dict(rows.values_list("component", "state"))
    ended = []
    for one in notice.intervals.open():
        if wanted.get(one.component_id) == one.state:
            del wanted[one.component_id]
        else:
            ended.append(one.pk)
    Interval.objects.filter(pk__in=ended).update(ended_at=at)
    source = Source.MAINTENANCE if notice.kind == Kind.MAINTENANCE else Source.INCIDENT
    Interval.objects.bulk_create(
        Interval(notice=notice, component_id=key, state=state, source=source, began_at=at)
        for key, state in wanted.items()
    )
    return bool(ended or wanted)


def standing(components: Iterable[int]) -> dict[int, State]:
    """How each stands now: the worst that anybody says of it."""
    found: dict[int, list[State]] = {key: [] for key in components}
    rows = Interval.objects.open().filter(component__in=found)
    for key, state in rows.values_list("component", "state"):
        found[key].append(State(state))
    return {key: worst(states) for key, states in found.items()}
