"""What the page recorded of its components, said of the services they stand on: the figures are the page's own."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from incidents.domain.serving import Outage, Served
from incidents.models import SeverityPolicy
from incidents.registry import Ledger, ledgers
from statuspage.domain.states import State
from statuspage.domain.uptime import Span, Tally, midnight, tally
from statuspage.models import Component, Interval, Page


class Record(NamedTuple):
    since: int  # before it nothing is known
    spans: Sequence[Span]


@ledgers.register("status page")
class PageLedger(Ledger):
    def served(
        self, services: Collection[int], outages_of: Callable[[int], Sequence[Outage]],
        since: datetime, until: datetime,
    ) -> dict[int, Served]:  # fmt: skip
        page = Page.objects.first() or Page()
        begin, end = int(since.timestamp()), int(until.timestamp())
        said = dict(SeverityPolicy.objects.values_list("severity", "public_impact"))
        found = _recorded(services, since, ZoneInfo(page.time_zone))
        for service in set(services) - found.keys():
            found[service] = Record(begin, [_span(one, said) for one in outages_of(service)])
        return {key: _served(record, begin, end, page.weights) for key, record in found.items()}


def _span(outage: Outage, said: Mapping[str, str]) -> Span:
    ended = int(outage.ended.timestamp()) if outage.ended else None
    state = State(said.get(outage.severity, State.OPERATIONAL))
    return Span(state, int(outage.began.timestamp()), ended)


def _recorded(services: Iterable[int], since: datetime, zone: ZoneInfo) -> dict[int, Record]:
    """A service with several components is as well as the worst of them."""
    stands = Component.services.through.objects.filter(service__in=list(services))
    pairs = list(stands.values_list("service", "component", "component__since"))
    rows = Interval.objects.filter(component__in={pair[1] for pair in pairs}).since(since)
    spans = defaultdict[int, list[Span]](list)
    for row in rows:
        spans[row.component_id].append(row.span)
    found: dict[int, Record] = {}
    for service, component, day in pairs:
        known = found.get(service, Record(midnight(day, zone), ()))
        first = min(known.since, midnight(day, zone))
        found[service] = Record(first, [*known.spans, *spans[component]])
    return found


def _served(record: Record, begin: int, end: int, weights: Mapping[State, int]) -> Served:
    first = min(max(begin, record.since), end)
    sums = tally(record.spans, first, end) if first < end else Tally()
    down = sum(weights.get(state, 0) * seconds for state, seconds in sums.seconds.items())
    return Served(sums.known, end - begin - sums.known, down)
