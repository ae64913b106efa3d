"""How long a failover took, and how much it lost: as ranges, since nobody sees the very moment of a death."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from maintenance.domain.continuity.lags import NOTHING


@dataclass(frozen=True)
class Span:
    least: timedelta
    most: timedelta

    def holds(self, length: timedelta, give: timedelta = NOTHING) -> bool:
        return self.least - give <= length <= self.most + give


@dataclass(frozen=True)
class Failover:
    """`well_at` the old site was last seen taking writes, `ill_at` first seen not to; `kept_until`: all before survived."""

    site: str
    at: datetime
    well_at: datetime
    ill_at: datetime
    writes_at: datetime
    kept_until: datetime | None
    drill: bool = False
    planned: bool = False  # the old site was stopped on purpose: nobody was surprised

    @property
    def took(self) -> Span:
        return span(self.ill_at, self.well_at, self.writes_at)

    @property
    def lost(self) -> Span | None:
        """Seconds of commits: up to the death, which lies between the two looks."""
        if self.kept_until is None:
            return None
        return Span(
            max(NOTHING, self.well_at - self.kept_until),
            max(NOTHING, self.ill_at - self.kept_until),
        )


def span(latest: datetime, earliest: datetime, until: datetime) -> Span:
    return Span(max(NOTHING, until - latest), max(NOTHING, until - earliest))


def last_to(site: str, failovers: Iterable[Failover]) -> Failover | None:
    """What a recovery time is known from: a planned move says nothing about a surprise."""
    found = [one for one in failovers if one.site == site and not one.planned]
    return max(found, key=lambda one: one.at, default=None)
