"""Rows into the snapshot from which all public documents are written: a fixed number of queries."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.db.models import Prefetch, Q

from statuspage.domain.phases import OVER, Kind
from statuspage.domain.snapshot import (
    SHAPE,
    ComponentFacts,
    NoticeFacts,
    PageFacts,
    Snapshot,
    Text,
    UpdateFacts,
    written,
)
from statuspage.domain.states import State, worst
from statuspage.measuring import measures
from statuspage.models import (
    Affected,
    Change,
    Component,
    Entry,
    Group,
    Interval,
    Mailing,
    Notice,
    Page,
    Update,
)

DAYS: Final = 90  # that bars show
RECENT: Final = 50  # over incidents, and over maintenances: as many as Statuspage's API lists


def read(*, at: datetime) -> Snapshot:
    page = Page.objects.get()
    change = Change.objects.newest()
    told = _notices()
    return {
        "shape": SHAPE,
        "change": change,
        "emergencies": 0,
        "at": written(at),
        "page": _page(page),
        "groups": [
            {
                "id": one.public_id,
                "name": _text(one.name_ko, one.name_en),
                "position": place,
                "created_at": written(one.created_at),
                "updated_at": written(one.updated_at),
            }
            for place, one in enumerate(Group.objects.all(), start=1)
        ],
        "components": _components(at),
        "notices": [_notice(one) for one in told if one.merged_into is None],
        "merged": [_notice(one) for one in told if one.merged_into],
        "ledger": list(Entry.objects.values_list("said", flat=True)),
        "measures": measures(at=at),
    }


def _page(page: Page) -> PageFacts:
    return {
        "id": page.public_id,
        "name": _text(page.name_ko, page.name_en),
        "url": page.public_url,
        "time_zone": page.time_zone,
        "weights": {state.value: weight for state, weight in page.weights.items()},
        "updated_at": written(page.updated_at),
    }


def _components(at: datetime) -> list[ComponentFacts]:
    spans = defaultdict[int, list[Interval]](list)
    for one in Interval.objects.since(at - timedelta(days=DAYS + 1)):
        spans[one.component_id].append(one)
    return [
        _component(one, spans[one.pk], place)
        for place, one in enumerate(Component.objects.select_related("group"), start=1)
    ]


def _component(row: Component, intervals: list[Interval], place: int) -> ComponentFacts:
    moved = [one.ended_at or one.began_at for one in intervals]
    return {
        "id": row.public_id,
        "name": _text(row.name_ko, row.name_en),
        "description": _text(row.description_ko, row.description_en),
        "group": row.group.public_id if row.group else None,
        "position": place,
        "state": worst(State(one.state) for one in intervals if one.ended_at is None),
        "showcase": row.showcase,
        "only_if_degraded": row.only_if_degraded,
        "since": row.since.isoformat(),
        "created_at": written(row.created_at),
        "updated_at": written(max([row.updated_at, *moved])),
        "spans": [
            (one.state, int(one.began_at.timestamp()), _second(one.ended_at)) for one in intervals
        ],
    }


def _notices() -> list[Notice]:
    """All that goes on, and the newest of what is over."""
    said = Notice.objects.public().select_related("incident", "merged_into").prefetch_related(
        Prefetch("updates", Update.objects.order_by("-at", "-pk")),
        Prefetch("affected", Affected.objects.select_related("component").order_by("component")),
    )  # fmt: skip
    newest = (
        Notice.objects.public().alone().filter(kind=kind).order_by("-started_at", "-pk")
        .values_list("pk", flat=True)[:RECENT]
        for kind in Kind
    )  # fmt: skip
    # An old one that is told of now is sent as it stands here.
    told_now = Q(pk__in=Mailing.objects.filter(done_at=None).values("notice"))
    going_on = Notice.objects.public().filter(~Q(phase__in=OVER) | told_now)
    shown = {*chain(*newest), *going_on.values_list("pk", flat=True)}
    parts = Q(merged_into__in=shown) | Q(merged_into__merged_into__in=shown)
    return list(said.filter(Q(pk__in=shown) | parts))


def _notice(row: Notice) -> NoticeFacts:
    return {
        "id": row.public_id,
        "number": row.incident_id,
        "severity": row.incident.severity if row.incident else "",
        "kind": row.kind,
        "title": _text(row.title_ko, row.title_en),
        "phase": row.phase,
        "impact": row.said_impact,
        "impact_override": row.impact_override,
        "backfilled": row.backfilled,
        "started_at": written(row.started_at),
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
        "monitoring_at": _written(row.monitoring_at),
        "resolved_at": _written(row.resolved_at),
        "next_update_by": _written(row.next_update_by),
        "scheduled_for": _written(row.scheduled_for),
        "scheduled_until": _written(row.scheduled_until),
        "components": [one.component.public_id for one in row.affected.all()],
        "says": {one.component.public_id: one.state for one in row.affected.all()},
        "updates": [_update(one) for one in row.updates.all()],
        "merged_into": row.merged_into.public_id if row.merged_into else None,
    }


def _update(row: Update) -> UpdateFacts:
    return {
        "id": row.public_id,
        "phase": row.phase,
        "body": _text(row.body_ko, row.body_en),
        "at": written(row.at),
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
        "told": row.told,
        "changes": row.changes,
    }


def _text(korean: str, english: str) -> Text:
    return {"ko": korean, "en": english}


def _written(moment: datetime | None) -> str | None:
    return written(moment) if moment else None


def _second(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None
