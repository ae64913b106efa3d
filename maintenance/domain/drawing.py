"""What lies ahead of a level, drawn from several kinds of trend, each as likely as the days so far make it.

Each kind is fitted with noise that lingers from day to day (AR(1), generalised least squares) and weighted
by its BIC. Nothing is chosen, so that a doubt about the kind of trend shows as a wider band.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from maintenance.domain.series import Floats
from maintenance.domain.trends import WEEK, Kind, kinds

LINGERS_AT_MOST: Final = 0.97
RIDGE: Final = 1e-12
FINEST: Final = 1e-3  # of the level's spread: a better fit than this proves nothing
A_MONTH: Final = 30
WIDER: Final = 2.0  # a trend's doubt, for none of the kinds is quite what happens


@dataclass(frozen=True)
class Fit:
    kind: Kind
    likely: float
    beta: Floats
    spread: Floats  # Cholesky factor of beta's covariance
    lingers: float
    shocks: Floats
    off: Floats  # how far off the trend each day was


def fits(level: Floats) -> list[Fit]:
    """Of all kinds, their shares adding up to one."""
    found: list[tuple[float, Fit]] = []
    at = np.arange(1.0 - len(level), 1.0, dtype=np.float64)
    by_width: dict[int, list[Kind]] = {}
    for kind in kinds(level):
        by_width.setdefault(kind.columns(at[:1]).shape[1], []).append(kind)
    for alike in by_width.values():
        found += _fitted(level, alike, np.stack([kind.columns(at) for kind in alike]))
    scores = np.array([score for score, _ in found])
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return [
        replace(fit, likely=float(share)) for (_, fit), share in zip(found, shares, strict=True)
    ]


def _fitted(level: Floats, alike: list[Kind], x: Floats) -> list[tuple[float, Fit]]:
    """Designs of one width at once: (kinds, days, columns)."""
    days, width = x.shape[1:]
    y = np.broadcast_to(level, x.shape[:2])
    beta, inverse = _least_squares(x, y)
    for _ in range(2):
        off = y - _times(x, beta)
        rho = (off[:, 1:] * off[:, :-1]).sum(1) / np.maximum((off**2).sum(1), 1e-300)
        rho = np.clip(rho, 0, LINGERS_AT_MOST)
        xw, yw = _whitened(x, rho[:, None, None]), _whitened(y, rho[:, None])
        beta, inverse = _least_squares(xw, yw)
    shocks = yw - _times(xw, beta)
    scores = -0.5 * days * np.log((shocks**2).mean(1) + FINEST**2) + 0.5 * np.log(1 - rho**2)
    spread = _roots(inverse * ((shocks**2).sum(1) / max(1, days - width))[:, None, None])
    off = level - _times(x, beta)
    return [
        (
            float(scores[i]) - 0.5 * (width + kind.searched) * float(np.log(days)) + kind.prior,
            Fit(kind, 0.0, beta[i], spread[i], float(rho[i]), shocks[i], off[i]),
        )
        for i, kind in enumerate(alike)
    ]


def _least_squares(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    squares = x.transpose(0, 2, 1) @ x + RIDGE * np.eye(x.shape[2])
    inverse = np.linalg.inv(squares).astype(np.float64)
    beta: Floats = (inverse @ (x.transpose(0, 2, 1) @ y[:, :, None]))[:, :, 0]
    return beta, inverse


def _times(x: Floats, beta: Floats) -> Floats:
    return (x @ beta[:, :, None])[:, :, 0]


def _whitened(what: Floats, rho: Floats) -> Floats:
    first = what[:, :1] * np.sqrt(1 - rho**2)
    return np.concatenate([first, what[:, 1:] - rho * what[:, :-1]], axis=1)


def _roots(covariances: Floats) -> Floats:
    size = covariances.shape[1]
    sizes = np.trace(covariances, axis1=1, axis2=2)[:, None, None]
    return np.linalg.cholesky(covariances + (1e-9 * sizes + 1e-18) * np.eye(size))


def weekly(level: Floats) -> Floats:
    """What each day of the week adds, the first being the day of the last reading; zeros unless sure."""
    days = len(level)
    if days < 4 * WEEK:
        return np.zeros(WEEK)
    trend = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(level, 3, "edge"), WEEK), 1)
    off, place = (level - trend)[3:-3], _weekdays(np.arange(days) - (days - 1))[3:-3]
    adds = np.array([np.median(off[place == day]) for day in range(WEEK)])
    adds -= adds.mean()
    left = float(np.var(off - adds[place])) + 1e-300
    sure = len(off) * np.log(float(np.var(off) + 1e-300) / left) > 6 * np.log(len(off)) + 6
    return adds if sure else np.zeros(WEEK)


def _weekdays(at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return at % WEEK


@dataclass(frozen=True)
class Drawn:
    courses: Floats  # (draws, days ahead)
    pace: float  # a day of the trend, over the next thirty
    fits: list[Fit]


def paths(level: Floats, ahead: int, draws: int, rng: np.random.Generator) -> Drawn:
    """So many courses of the days ahead, and what they were drawn of."""
    # In its own scale, whether bytes or per cent: sums of squares of bytes lose their last digits.
    middle, scale = float(level.mean()), float(level.std()) or 1.0
    level = (level - middle) / scale
    adds = weekly(level)
    past = _weekdays(np.arange(len(level)) - (len(level) - 1))
    level = level - adds[past]
    found = fits(level)
    counts = rng.multinomial(draws, [fit.likely for fit in found])
    drawn = [(fit, int(count)) for fit, count in zip(found, counts, strict=True) if count]
    # Day by day in memory, as the noise is drawn: twice as fast as course by course.
    trend = np.hstack([_trend(fit, count, np.arange(1.0, ahead + 1), rng) for fit, count in drawn])
    courses = _noise(drawn, ahead, rng)
    courses += trend
    courses += adds[_weekdays(np.arange(1, ahead + 1))][:, None]
    np.minimum(courses, _records(trend, float((level + adds[past]).max())), out=courses)
    courses *= scale
    courses += middle
    return Drawn(courses.T, scale * _pace(trend), found)


def _pace(trend: Floats) -> float:
    far = min(A_MONTH, len(trend)) - 1
    return float(np.median(trend[far] - trend[0])) / max(1, far)


def _records(trend: Floats, highest: float) -> Floats:
    """A level gets higher than it ever was by as much as its trend has risen, and not by chance.

    Without that bound, what drops back in time again and again would pass any threshold some day.
    """
    risen: Floats = trend - (2 * trend[0] - trend[1])
    np.maximum(risen, 0.0, out=risen)
    risen += highest
    return risen


def _trend(fit: Fit, count: int, days: Floats, rng: np.random.Generator) -> Floats:
    betas = fit.beta + WIDER * rng.standard_normal((count, len(fit.beta))) @ fit.spread.T
    trend: Floats = fit.kind.columns(days) @ betas.T
    return trend


def _noise(drawn: list[tuple[Fit, int]], ahead: int, rng: np.random.Generator) -> Floats:
    """From how far off it is now, with shocks as they came before, but never farther off than it was."""
    shocks = np.hstack([rng.choice(fit.shocks, (ahead, count)) for fit, count in drawn])
    lingers = np.concatenate([np.full(count, fit.lingers) for fit, count in drawn])
    now, low, high = (
        np.concatenate([np.full(count, edge(fit.off)) for fit, count in drawn])
        for edge in (lambda off: off[-1], np.min, np.max)
    )
    for today in shocks:
        today += lingers * now  # noqa: PLW2901 - the row itself, in place
        now = today.clip(low, high, out=today)
    return shocks
