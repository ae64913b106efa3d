"""Which services a smaller site carries, and which are shed: the least important first, and no more than it takes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

NOBODY: Final = 0.005  # per cent


@dataclass(frozen=True)
class Need:
    """`percent` of the load that the first site can carry; None: nobody knows."""

    service: str
    priority: int  # 1 is the most important
    percent: float | None
    essential: bool = False  # never shed


@dataclass(frozen=True)
class Fit:
    capacity: float
    load: float  # of all whose load is known
    kept: tuple[Need, ...]
    shed: tuple[Need, ...]
    unknown: tuple[Need, ...]  # kept, and not counted

    @property
    def left(self) -> float:
        """Of the capacity, when what has to be shed is; below nothing where even that is too little."""
        return self.capacity - sum(one.percent or 0.0 for one in self.kept)

    @property
    def fits(self) -> bool:
        return self.left >= -NOBODY


def fit(needs: Iterable[Need], capacity: float) -> Fit:
    """No less important service stays where a more important one goes, even where there were room for it:
    under stress a list that is cut at one place is understood, a puzzle is not."""
    ranked = sorted(needs, key=lambda one: (not one.essential, one.priority, one.service))
    unknown = tuple(one for one in ranked if one.percent is None)
    known = [one for one in ranked if one.percent is not None]
    kept = list(known)
    while kept and not kept[-1].essential and _sum(kept) > capacity + NOBODY:
        kept.pop()
    return Fit(capacity, _sum(known), tuple(kept), tuple(known[len(kept) :]), unknown)


def _sum(needs: Iterable[Need]) -> float:
    return sum(one.percent or 0.0 for one in needs)


def without_ground(
    there: Collection[str], depends_on: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Services at a site, with those that they depend on and that are not there."""
    return {
        service: missing
        for service in sorted(there)
        if (missing := sorted(set(depends_on.get(service, ())) - set(there)))
    }
