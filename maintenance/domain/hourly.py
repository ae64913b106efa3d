"""The next hours of a metric, with the bands that hold 80 % and 95 % of what comes.

1. Go back day by day, forecast from there by each simple method (`guesses`), and see how far off it was.
2. The forecast is the weighted median of the methods: who was less wrong on this metric counts for more.
3. The bands are what that forecast was off by on those days, each day judged with weights learnt on the
   others (split conformal).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from maintenance.domain.guesses import guesses
from maintenance.domain.series import HOLES, HOURS, Floats, grid

LEAST: Final = 5 * HOURS
LONGEST: Final = 28 * HOURS  # older days do not say more
BACK: Final = 12  # days from which it is tried
KNOWN_THEN: Final = 3 * HOURS
TRIED: Final = 3 * HOURS  # how far ahead
CHOOSY: Final = 12.0  # the power of being less wrong


@dataclass(frozen=True)
class Forecast:
    middle: Floats
    low_80: Floats
    high_80: Floats
    low_95: Floats
    high_95: Floats


def forecast(moments: Sequence[datetime], values: Floats, hours: int) -> Forecast | None:
    """None: less than five days are known, or they have more holes than readings."""
    measured = grid(moments, values, longest=LONGEST)
    known = measured.values
    if measured.per_day != HOURS or len(known) < LEAST or measured.missing > HOLES:
        return None
    tried, truths = _tries(known)
    losses = np.array(
        [np.abs(one - truth).mean(1) for one, truth in zip(tried, truths, strict=True)]
    )
    logs = np.log(losses + 1e-9 * (np.abs(known).mean() + 1e-9))
    middle = _median(guesses(known, hours), _weights(logs.mean(0)))
    off = np.concatenate(
        [
            truth - _median(one, _weights(np.delete(logs, place, 0).mean(0)))
            for place, (one, truth) in enumerate(zip(tried, truths, strict=True))
        ]
    )
    return _banded(middle, off, known, len(tried))


def _tries(known: Floats) -> tuple[list[Floats], list[Floats]]:
    """Forecasts from earlier days on, and what came."""
    starts = list(range(len(known) - HOURS, KNOWN_THEN - 1, -HOURS))[:BACK]
    truths = [known[start : start + TRIED] for start in starts]
    return [guesses(known[:s], len(t)) for s, t in zip(starts, truths, strict=True)], truths


def _weights(logs: Floats) -> Floats:
    weights = np.exp(-CHOOSY * (logs - logs.min()))
    shares: Floats = weights / weights.sum()
    return shares


def _median(rows: Floats, weights: Floats) -> Floats:
    order = rows.argsort(0)
    reached = weights[order].cumsum(0) >= 0.5 - 1e-12
    middle = np.take_along_axis(order, reached.argmax(0)[None], 0)
    chosen: Floats = np.take_along_axis(rows, middle, 0)[0]
    return chosen


def _banded(middle: Floats, off: Floats, known: Floats, tries: int) -> Forecast:
    """Half as it erred below and above, half as far as it erred at all: in a short history the level
    may have moved one way only."""
    # Tries a day apart overlap: so many are apart. The fewer, the less of the tails they have seen.
    tail = max(0.1, 1 - TRIED / HOURS / tries)
    lows, highs = [], []
    for share in (0.1 * tail, 0.025 * tail):
        low, high = np.quantile(off, [share, 1 - share])
        far = np.quantile(np.abs(off), 1 - 2 * share)
        lows.append(min(0.0, float(low - far) / 2))
        highs.append(max(0.0, float(high + far) / 2))
    # What never was below nothing will not be.
    floor = 0.0 if known.min() >= 0 else -np.inf
    low_80, low_95 = (np.maximum(middle + low, floor) for low in lows)
    return Forecast(middle, low_80, middle + highs[0], low_95, middle + highs[1])
