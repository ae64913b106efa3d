"""What to add so that a resource lasts, by when it must be ordered, and what that costs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal


@dataclass(frozen=True)
class Piece:
    """What is bought: how much one of it adds, in the metric's unit or as one more of those there are."""

    adds: Decimal
    cost: Decimal
    lead: timedelta


@dataclass(frozen=True)
class Advice:
    exact: Decimal  # pieces, before rounding up
    count: int
    cost: Decimal
    order_by: datetime


def advise(
    *,
    full_at: Decimal,
    expected: Decimal,
    soonest: datetime,
    piece: Piece,
    there_are: int | None,
    now: datetime,
) -> Advice | None:
    """None where nothing is missing. Of a share (there are so many pieces, full at 90 %) the number of
    pieces grows with the load; of an amount what is missing is divided by what one piece adds."""
    if expected <= full_at or full_at <= 0:
        return None
    if there_are:
        exact = there_are * (expected / full_at - 1)
    elif piece.adds > 0:
        exact = (expected - full_at) / piece.adds
    else:
        return None
    count = int(exact.to_integral_value(ROUND_CEILING))
    return Advice(exact, count, count * piece.cost, max(now, soonest - piece.lead))
