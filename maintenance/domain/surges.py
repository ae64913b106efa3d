"""Whether a day had more of an error than any day before would explain."""

from collections.abc import Sequence
from math import sqrt
from typing import Final

LEAST_DAYS: Final = 7
FEW: Final = 10  # more than are usual; less is nothing to look at
ABOVE_HIGHEST: Final = 1.5


def surges(count: int, before: Sequence[int]) -> bool:
    """`before`: a count a day of the weeks before, 0 where there was none.

    The highest day stands for what weekdays and month's ends do; the square root for chance, as
    errors that come by themselves scatter.
    """
    if len(before) < LEAST_DAYS:
        return False
    usual, highest = sum(before) / len(before), max(before)
    return count >= usual + 4 * sqrt(usual) + FEW and count >= ABOVE_HIGHEST * highest
