"""Simple forecasts of the next hours, each right for some metric: what `hourly` weighs against each other."""

from typing import Final

import numpy as np

from maintenance.domain.series import HOURS, Floats

WEEK: Final = 7 * HOURS
SPANS: Final = (HOURS, 3 * HOURS, WEEK)  # over which a level is taken
FADES: Final = (12.0, 48.0)  # hours until what is now counts a third


def guesses(values: Floats, hours: int) -> Floats:
    """One forecast a row; of at least a day."""
    count = len(values)
    by_day = values[count - count // HOURS * HOURS :].reshape(-1, HOURS)
    of_day = np.median(by_day - np.median(by_day, 1, keepdims=True), 0)
    # The first hour to come is the first of each of these days, counted from the end.
    levelled = values - of_day[(np.arange(count) - count) % HOURS]
    shape = _on(of_day, hours)
    usual, now = float(np.median(values)), float(values[-1])
    fading = [np.exp(-np.arange(1, hours + 1) / fade) for fade in FADES]
    return np.vstack(
        [
            np.full(hours, now),
            np.full(hours, usual),
            *(np.full(hours, np.median(values[-span:])) for span in SPANS[:2]),
            *(np.median(levelled[-span:]) + shape for span in SPANS),
            _on(np.median(by_day, 0), hours),
            _on(np.median(by_day[-3:], 0), hours),
            _of_week(values, by_day, hours),
            *(usual + (now - usual) * left for left in fading),
        ]
    )


def _of_week(values: Floats, by_day: Floats, hours: int) -> Floats:
    weeks = len(values) // WEEK
    if weeks < 2:
        return _on(np.median(by_day[-7:], 0), hours)
    by_week = values[len(values) - weeks * WEEK :].reshape(weeks, WEEK)
    return _on(np.median(by_week, 0), hours)


def _on(pattern: Floats, hours: int) -> Floats:
    return np.resize(pattern, hours)
