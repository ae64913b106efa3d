"""Months that are over are frozen into the ledger; what is recorded otherwise since becomes an erratum of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from core.nudge import nudge
from statuspage.domain import ledger
from statuspage.domain.ledger import Json, Known, Rules, Window
from statuspage.domain.snapshot import moment, written
from statuspage.domain.uptime import Span
from statuspage.models import Change, Component, Correction, Entry, Group, Interval, Page, Source
from statuspage.services.saying import PUBLISH

FREEZE: Final = "statuspage.freeze"


@transaction.atomic
def freeze(*, at: datetime) -> int:
    """How many entries are new. Whoever holds the page's row is the only one to add any."""
    page = Page.objects.select_for_update().first()
    if page is None:
        return 0
    entries = list(Entry.objects.values_list("said", flat=True))
    before = len(entries)
    rows = _Rows()
    for month in [one for one in entries if one["kind"] == "month"]:
        if said := _erratum(month, entries, rows):
            entries.append(ledger.chained(said, entries[-1], written(at)))
    for said in _months(entries, page, rows, at):
        entries.append(ledger.chained(said, entries[-1] if entries else None, written(at)))
    fresh = entries[before:]
    if fresh:
        Entry.objects.bulk_create(Entry.of(one, at) for one in fresh)
        Change.objects.note("ledger", at=at)
        nudge(PUBLISH)
    return len(fresh)


class _Rows:
    """What is recorded now, read once."""

    def __init__(self) -> None:
        self.intervals = defaultdict[str, list[Interval]](list)
        for one in Interval.objects.select_related("component"):
            self.intervals[one.component.public_id].append(one)
        self.components = [
            known_of(one, [each.span for each in self.intervals[one.public_id]])
            for one in Component.objects.select_related("group")
        ]
        self.groups = [
            (one.public_id, {"ko": one.name_ko, "en": one.name_en}) for one in Group.objects.all()
        ]
        self.corrections = list(
            Correction.objects.select_related("interval__component").order_by("at", "pk")
        )


def known_of(one: Component, spans: Sequence[Span]) -> Known:
    group = one.group.public_id if one.group else None
    return Known(one.public_id, {"ko": one.name_ko, "en": one.name_en}, group, one.since, spans)


def _months(entries: Sequence[Json], page: Page, rows: _Rows, at: datetime) -> Iterator[Json]:
    if not rows.components:
        return
    frozen = [_first(one["month"]) for one in entries if one["kind"] == "month"]
    since = min(one.since for one in rows.components)
    rules = rules_of(page)
    for month in ledger.due(frozen, since, at, page.time_zone):
        yield ledger.month_of(month, rows.components, rows.groups, rules)


def rules_of(page: Page) -> Rules:
    return Rules(page.time_zone, {state.value: weight for state, weight in page.weights.items()})


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _erratum(month: Json, entries: Iterable[Json], rows: _Rows) -> Json | None:
    of_it = [one for one in entries if one["month"] == month["month"]]
    now = ledger.standing(of_it, month["month"])
    said = ledger.erratum(month, now, rows.components)
    for one in said["components"] if said else ():
        parts = ledger.differing(now.get(one["id"]), one["after"])
        one["why"] = _why(one["id"], parts, rows, moment(of_it[-1]["at"])) or [
            {"source": ledger.FIRST_DAY, "ko": "", "en": ""}
        ]
    return said


def _why(component: str, parts: Sequence[Window], rows: _Rows, since: datetime) -> list[Json]:
    """In a person's words, if one put it right since; otherwise by what it was recorded."""
    said = [
        {"source": Source.PERSON.value, "ko": one.why_ko, "en": one.why_en}
        for one in rows.corrections
        if one.at > since and one.interval.component.public_id == component
        and (_meets(one, parts) or _meets(one.interval, parts))
    ]  # fmt: skip
    if said:
        return said
    sources = {one.source for one in rows.intervals[component] if _meets(one, parts)}
    return [{"source": source, "ko": "", "en": ""} for source in sorted(sources)]


def _meets(one: Interval | Correction, parts: Iterable[Window]) -> bool:
    end = one.ended_at or datetime.max.replace(tzinfo=UTC)
    return any(
        one.began_at.timestamp() < until and since < end.timestamp() for since, until in parts
    )
