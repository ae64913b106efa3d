"""Labels in one row, each as near as possible to its own place and none on another."""

from collections.abc import Sequence
from itertools import accumulate, pairwise


def spread(
    wanted: Sequence[float], halves: Sequence[float], *, low: float, high: float, gap: float = 2.0
) -> list[float]:
    """Centres for labels of the given half widths, in the order of their wanted places.

    Least squares: once the room each label must leave is taken off its place, keeping the order is
    isotonic regression, solved by pooling neighbours that would cross. The labels must fit.
    """
    if not wanted:
        return []
    needs = accumulate((a + b + gap for a, b in pairwise(halves)), initial=0.0)
    offsets = list(needs)
    free = _pooled([place - offset for place, offset in zip(wanted, offsets, strict=True)])
    first, last = low + halves[0], high - halves[-1] - offsets[-1]
    return [
        min(max(place, first), last) + offset for place, offset in zip(free, offsets, strict=True)
    ]


def _pooled(places: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls: means of pooled runs."""
    runs: list[tuple[float, int]] = []
    for place in places:
        total, count = place, 1
        while runs and runs[-1][0] / runs[-1][1] > total / count:
            total, count = total + runs[-1][0], count + runs[-1][1]
            runs.pop()
        runs.append((total, count))
    return [total / count for total, count in runs for _ in range(count)]
