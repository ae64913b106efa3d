"""The past of another page that speaks Statuspage's public API, taken over once under the names it had there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from core.nudge import nudge
from statuspage.domain.history import Json, stretches
from statuspage.domain.phases import Kind, Phase
from statuspage.domain.states import Impact
from statuspage.models import Affected, Change, Component, Group, Interval, Notice, Source, Update
from statuspage.services.saying import PUBLISH

SECTIONS: Final = (("incidents", Kind.INCIDENT), ("scheduled_maintenances", Kind.MAINTENANCE))


@dataclass
class Taken:
    notices: int = 0
    components: int = 0
    known: int = 0  # taken before
    open: int = 0  # goes on there: told here by whoever is in charge, not by an import


@transaction.atomic
def take_over(said: Json, *, language: str, at: datetime) -> Taken:
    """`said`: components, incidents and scheduled_maintenances together. Nobody is told of any of it."""
    taken = Taken()
    components = _components(said, language, taken, at)
    for section, kind in SECTIONS:
        for one in reversed(said.get(section, ())):  # the oldest first, as they would have come
            if one["resolved_at"] is None:
                taken.open += 1
            elif Notice.objects.filter(public_id=one["id"]).exists():
                taken.known += 1
            else:
                _notice(one, kind, language, components)
                taken.notices += 1
    if taken.notices or taken.components:
        Change.objects.note("import", at=at)
        nudge(PUBLISH)
    return taken


def _components(
    said: Json, language: str, taken: Taken, at: datetime
) -> Mapping[str, Component]:  # fmt: skip
    """By id there: ours of that name in any language, or a new one."""
    ours = list(Component.objects.all())
    groups: dict[str, Group] = {}
    for one in said.get("components", ()):
        if one.get("group"):
            name = {f"name_{language}": one["name"]}
            groups[one["id"]] = Group.objects.filter(**name).first() or Group.objects.create(**name)
    found = {}
    for place, one in enumerate(said.get("components", ())):
        if one.get("group"):
            continue
        since = date.fromisoformat(one.get("start_date") or f"{at:%F}")
        mine = next((each for each in ours if one["name"] in {each.name_ko, each.name_en}), None)
        if mine is None:
            mine = Component.objects.create(
                public_id=one["id"], since=since, position=place, group=groups.get(one["group_id"]),
                **{f"name_{language}": one["name"]},
            )  # fmt: skip
            taken.components += 1
        found[one["id"]] = mine
        _known_since(mine, since)
    return found


def _known_since(component: Component, day: date) -> None:
    if day < component.since:
        component.since = day
        component.save(update_fields=["since", "updated_at"])


def _notice(
    said: Json, kind: Kind, language: str, components: Mapping[str, Component]
) -> None:  # fmt: skip
    notice = Notice.objects.create(
        public_id=said["id"], kind=kind, phase=Phase(said["status"]), backfilled=True,
        impact=Impact(said["impact"]), started_at=_at(said["started_at"] or said["created_at"]),
        published_at=_at(said["created_at"]), monitoring_at=_maybe(said["monitoring_at"]),
        resolved_at=_at(said["resolved_at"]), scheduled_for=_maybe(said.get("scheduled_for")),
        scheduled_until=_maybe(said.get("scheduled_until")),
        **{f"title_{language}": said["name"][:255]},
    )  # fmt: skip
    Update.objects.bulk_create(
        Update(
            public_id=one["id"], notice=notice, phase=Phase(one["status"]), at=_at(one["display_at"]),
            told=False, changes=[_change(each, components) for each in one["affected_components"] or ()],
            **{f"body_{language}": one["body"] or "–"},
        )
        for one in reversed(said["incident_updates"])
    )  # fmt: skip
    _hold(notice, said, components)


def _hold(notice: Notice, said: Json, components: Mapping[str, Component]) -> None:
    """The states that it held, and whom it ever named."""
    held = [
        (components[one.component], one) for one in stretches(said) if one.component in components
    ]
    Interval.objects.bulk_create(
        Interval(
            component=component, notice=notice, state=one.state, source=Source.BACKFILL,
            began_at=one.began, ended_at=one.ended,
        )
        for component, one in held
    )  # fmt: skip
    for component, one in held:
        _known_since(component, one.began.date())
    named = {components[one["id"]] for one in said["components"] if one["id"] in components}
    Affected.objects.bulk_create(
        Affected(notice=notice, component=one, state="operational") for one in named
    )


def _change(said: Json, components: Mapping[str, Component]) -> dict[str, Any]:
    mine = components.get(said["code"])
    named = (mine.name_ko, mine.name_en) if mine else (said["name"], said["name"])
    name = dict(zip(("ko", "en"), named, strict=True))
    return {
        "component": said["code"], "name": name, "old": said["old_status"], "new": said["new_status"],
    }  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return _at(text) if text else None
