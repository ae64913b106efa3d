"""Which wallets are read more often while there is trouble: the worst, as far as the nodes can bear it.

Each of the others is read at its usual interval: a shortage everywhere at once may not bring down the node
by which it is measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from energy.domain.states import Level


@dataclass(frozen=True)
class Troubled:
    """`percent`: of the last valid reading; None, not known, which is taken for the worst of its level."""

    key: int
    level: Level
    percent: float | None
    every: timedelta  # it would be read then

    @property
    def gravity(self) -> tuple[int, float, int]:
        """The smallest is the worst; the key, so that it is the same ones each time."""
        return -self.level, -1.0 if self.percent is None else self.percent, self.key


def chosen(troubled: Iterable[Troubled], *, nodes: int, per_second: float) -> set[int]:
    """Never more readings of a wallet at a node a second, all together."""
    found, left = set[int](), per_second
    for one in sorted(troubled, key=lambda each: each.gravity):
        load = nodes / max(one.every.total_seconds(), 1.0)
        if load <= left + 1e-9:
            found.add(one.key)
            left -= load
    return found
