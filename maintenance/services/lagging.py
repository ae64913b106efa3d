"""How far behind each replica is, as a metric: drawn, kept and judged by rules as any other."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from maintenance.models import CopyRole, CopySample
from monitoring.domain.samples import Identity, Point
from monitoring.services import write

NAME: Final = "replica_lacks_seconds"


def note_lag(samples: Iterable[CopySample], *, at: datetime) -> None:
    write(list(_points(samples, at)), at=at)


def _points(samples: Iterable[CopySample], at: datetime) -> Iterator[Point]:
    """One that does not answer falls behind from what it had when it last did."""
    for one in samples:
        last = one
        if one.role == CopyRole.SILENT:
            answered = one.copy.samples.exclude(role=CopyRole.SILENT).order_by("-at").first()
            last = answered or one
        if last.role == CopyRole.FOLLOWS and last.safe_until and not one.copy.data.exercise:
            labels = {"data": one.copy.data.slug, "site": one.copy.site.slug}
            lag = max(0.0, (at - last.safe_until).total_seconds())
            yield Point(Identity(NAME, labels, unit="seconds", kind="system"), at, lag)
