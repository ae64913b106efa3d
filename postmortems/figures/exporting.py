"""Every figure as a row of a table."""

from collections.abc import Iterator

from postmortems.domain.figures.estimates import Figure
from postmortems.domain.figures.sheet import sheet
from postmortems.figures.whole import Whole

HEAD = ("figure", "of", "value", "unit", "n", "low", "high")


def csv_of(whole: Whole) -> str:
    rows = (
        (name, of, one.value, one.unit, one.n, one.low, one.high) for name, of, one in _every(whole)
    )
    return sheet([HEAD, *rows])


def _every(whole: Whole) -> Iterator[tuple[str, str, Figure]]:
    """By the names of the API."""
    yield from _overall(whole)
    for each in whole.services:
        for name in ("availability", "down", "budget", "burn"):
            yield name, each.service.slug, getattr(each.kept, name)
    for kind, parts in whole.parts.items():
        for part in parts:
            yield f"by.{kind}", part.name, part.incidents
    for person in whole.people:
        yield "pages", person.user.username, person.pages
        yield "nights", person.user.username, person.nights


def _overall(whole: Whole) -> Iterator[tuple[str, str, Figure]]:
    reckoned = whole.reckoned
    yield "incidents", "", reckoned.incidents
    for clock, timing in reckoned.timings.items():
        for name in ("mean", "median", "p95", "trend"):
            yield f"{clock}.{name}", "", getattr(timing, name)
    for name in ("between_failures", "troubled", "answered_late", "resolved_late"):
        yield name, "", getattr(reckoned, name)
    yield "actions_on_time", "", whole.actions_on_time
    yield "satisfaction", "", whole.satisfaction
