"""What only piles up, in bursts (archives, journals, uploads): drawn from its own past days.

No line runs through bursts. Weeks of the past are put in a row, the latest ones most often, with three
lengths of memory since nobody knows how long a pace lasts (block bootstrap).
"""

from typing import Final

import numpy as np

from maintenance.domain.series import Floats

MEMORIES: Final = (30.0, 60.0, 120.0)  # days after which a day counts half
BLOCK: Final = 7
OLDEST: Final = 1500
PACE_VARIES: Final = 0.5  # the logarithm's spread by which future paces differ from all past ones
RESTLESS: Final = 0.8
FALLS: Final = 0.01  # of the days, at most


def piles_up(level: Floats) -> bool:
    """It hardly ever falls, and what comes differs from one day to the next about as much as it is."""
    more = np.diff(level[-180:])
    if len(more) < 4 * BLOCK or (more < 0).mean() > FALLS or more.mean() <= 0:
        return False
    return bool(np.abs(np.diff(more)).mean() > RESTLESS * more.mean())


def paths(level: Floats, ahead: int, draws: int, rng: np.random.Generator) -> Floats:
    more = np.diff(level)[-OLDEST:]
    each = draws // len(MEMORIES)
    drawn = np.vstack([_drawn(more, memory, ahead, each, rng) for memory in MEMORIES])
    courses: Floats = level[-1] + drawn.cumsum(1)
    return courses


def _drawn(more: Floats, memory: float, ahead: int, draws: int, rng: np.random.Generator) -> Floats:
    starts = len(more) - BLOCK + 1
    weights = 0.5 ** ((starts - 1 - np.arange(starts)) / memory)
    chosen = rng.choice(starts, (draws, -(-ahead // BLOCK)), p=weights / weights.sum())
    weeks: Floats = more[chosen[:, :, None] + np.arange(BLOCK)].reshape(draws, -1)
    return weeks[:, :ahead]


def at_other_paces(drawn: Floats, start: float, rng: np.random.Generator) -> Floats:
    """For the band: that the pace itself changes is not among the past weeks."""
    paces = np.exp(rng.normal(0, PACE_VARIES, (len(drawn), 1)))
    return start + (drawn - start) * paces
