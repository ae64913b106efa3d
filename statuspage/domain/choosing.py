"""What a subscriber wants to hear of. The rows are chosen in SQL by the same rule; a test holds both together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from statuspage.domain.phases import Kind, Phase
from statuspage.domain.states import GRAVITY, Impact

ENDS: Final = frozenset({Phase.RESOLVED, Phase.COMPLETED, Phase.CANCELLED, Phase.MERGED})
LEAST: Final = (Impact.NONE, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)  # that can be asked for


@dataclass(frozen=True)
class Choice:
    """Components and groups by their keys; none of either: everything."""

    components: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    minimum: Impact = Impact.NONE
    incidents: bool = True
    maintenance: bool = True
    quiet: bool = False

    @property
    def everything(self) -> bool:
        return not (self.components or self.groups)


@dataclass(frozen=True)
class News:
    """One update of a notice. `groups` are those of its components when it was said."""

    kind: Kind
    impact: Impact
    components: frozenset[int]
    groups: frozenset[int]
    edge: bool  # the first word or the last one

    @property
    def minimums(self) -> list[Impact]:
        """Which of the minimums that can be asked for it reaches; maintenance has no gravity."""
        if self.kind is Kind.MAINTENANCE:
            return list(LEAST)
        return [one for one in LEAST if GRAVITY[one] <= GRAVITY[self.impact]]


def wants(choice: Choice, news: News) -> bool:
    of_kind = choice.maintenance if news.kind is Kind.MAINTENANCE else choice.incidents
    about = choice.everything or choice.components & news.components or choice.groups & news.groups
    heard = news.edge or not choice.quiet
    return bool(of_kind and about and heard and choice.minimum in news.minimums)


def is_edge(phase: Phase, *, first: bool) -> bool:
    return first or phase in ENDS


def keys(found: Collection[int | None]) -> frozenset[int]:
    return frozenset(one for one in found if one is not None)
