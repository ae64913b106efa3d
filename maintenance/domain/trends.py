"""The kinds of trend that a level may follow.

Level, line, a line that bent, a curve that flattens or steepens, and a line or level after a jump (a
clean-up, a restore).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from maintenance.domain.series import Floats

WEEK: Final = 7
LEAST_BEND, LEAST_LATER = 5, 5  # days a bend needs after it, and before it
STEEPEST: Final = 30.0  # of an exponent: beyond it every threshold is passed anyway


@dataclass(frozen=True)
class Kind:
    """`columns` at days before now (<= 0) to fit, and at days to come (> 0) to foretell."""

    name: str
    columns: Callable[[Floats], Floats]
    prior: float  # the logarithm of its share
    searched: int  # parameters found by trying, which the penalty counts too
    since: int | None = None  # days ago that something changed


def kinds(level: Floats) -> list[Kind]:
    days = len(level)
    found = [
        Kind("level", lambda at: np.ones((len(at), 1)), 0.0, 0),
        Kind("line", lambda at: np.column_stack([np.ones_like(at), at / days]), 0.0, 0),
    ]
    return found + _bends(days) + _curves(days) + _jumps(level)


def _bends(days: int) -> list[Kind]:
    latest = min(days - LEAST_LATER, int(days * 0.75))
    ago = np.unique(np.geomspace(LEAST_BEND, max(latest, LEAST_BEND), 24).round().astype(int))
    if latest <= LEAST_BEND:
        return []

    def bent(since: int) -> Callable[[Floats], Floats]:
        return lambda at: np.column_stack(
            [np.ones_like(at), at / days, np.maximum(0.0, at + since) / days]
        )

    prior = -float(np.log(len(ago)))
    return [Kind("bend", bent(since), prior, 1, since) for since in ago.tolist()]


def _curves(days: int) -> list[Kind]:
    """Growth that halves or doubles over a part of the days known: saturation, compound growth."""
    powers = [*-np.geomspace(0.7, 14, 14), *np.geomspace(0.15, 4, 14)]

    def curved(power: float) -> Callable[[Floats], Floats]:
        return lambda at: np.column_stack(
            [np.ones_like(at), np.expm1(np.minimum(power * at / days, STEEPEST)) / power]
        )

    return [Kind("curve", curved(power), -float(np.log(len(powers))), 1) for power in powers]


def _jumps(level: Floats) -> list[Kind]:
    place = _jump(level)
    if place is None:
        return []
    days, since = len(level), len(level) - 1 - place

    def after(at: Floats) -> Floats:
        return (at >= -since).astype(float)

    prior = -float(np.log(days))
    return [
        Kind("jump", lambda at: np.column_stack([np.ones_like(at), after(at)]), prior, 1, since),
        Kind(
            "line with a jump",
            lambda at: np.column_stack([np.ones_like(at), at / days, after(at)]),
            prior,
            1,
            since,
        ),
    ]


def _jump(level: Floats) -> int | None:
    """Where one jump explains most of what a line leaves."""
    days = len(level)
    if days < 2 * WEEK:
        return None
    line, _ = np.linalg.qr(np.column_stack([np.ones(days), np.arange(days)]))
    places = np.arange(3, days - 2)
    jumps = np.triu(np.ones((days, days)))[places]
    jumps -= (jumps @ line) @ line.T
    gains = (jumps @ (level - line @ (line.T @ level))) ** 2 / (jumps**2).sum(1)
    return int(places[gains.argmax()])
