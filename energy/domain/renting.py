"""Whether enough is left when what is rented goes; told a while before, so that somebody can rent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from energy.domain.forecast import Ending, left_by
from energy.domain.recovery import Usage
from energy.domain.states import Level, Thresholds, level_of

AFTER: Final = timedelta(hours=1)  # after the last of what ends soon: it is looked how it goes on


@dataclass(frozen=True)
class Outlook:
    """`level`: the one it would be on; the percentage is that of what is left of the limit by then."""

    level: Level
    left: int
    limit: int

    @property
    def percent(self) -> float:
        return self.left * 100 / self.limit if self.limit else 0.0


def soon(endings: Sequence[Ending], notice: timedelta) -> list[Ending]:
    return [one for one in endings if one.seconds <= notice.total_seconds()]


def outlook(
    usage: Usage,
    limit: int,
    per_hour: float,
    endings: Sequence[Ending],
    *,
    notice: timedelta,
    thresholds: Thresholds,
    held: Level = Level.OK,
) -> Outlook | None:
    """None: nothing ends so soon. What is held is over later than it began, as states are."""
    ending = soon(endings, notice)
    if not ending:
        return None
    until = max(one.seconds for one in ending) + AFTER.total_seconds()
    left, of = left_by(usage, limit, per_hour, endings, until)
    if of <= 0:
        return Outlook(Level.CRITICAL, 0, 0)
    return Outlook(level_of(left, of, thresholds, held), left, of)
