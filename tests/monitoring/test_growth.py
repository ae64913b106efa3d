"""What fills up, what only looks like it, and when it will be full."""

import math
import random

import numpy as np
import pytest

from monitoring.domain.growth import DAY, HOUR, growth
from monitoring.domain.rules import Forecast, Heard, Track

STEP = 300.0
FULL = 100.0


def series(days, value, noise=0.3, seed=1):
    chance, count = random.Random(seed), int(days * DAY / STEP)
    at = np.arange(count) * STEP
    return at, np.array([value(t / DAY, days) + chance.gauss(0, noise) for t in at])


def linear(t, days):
    return 40 + 15 * t


def flat(t, days):
    return 60


def by_day(t, days):
    return 60 + 20 * math.sin(2 * math.pi * t)


def by_day_and_growing(t, days):
    return 30 + 10 * math.sin(2 * math.pi * t) + 12 * t


def rotated(t, days):
    return 50 + 40 * (t * 4 % 1)


def rotated_and_climbing(t, days):
    return 20 + 30 * (t * 4 % 1) + 12 * (t * 4 // 1) / 4


def cleaned_once(t, days):
    return 30 + 20 * (t if t < days - 1 else t - (days - 1))


def runaway(t, days):
    return 40 + max(0, t - days + 2 / 24) * 24 * 12


def levelling_off(t, days):
    return 60 + 20 * (1 - math.exp(-4 * t))


def falling(t, days):
    return 90 - 10 * t


@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        (linear, (100 - 85) / 15 * 24),
        (by_day_and_growing, (100 - 66) / 12 * 24),
        (cleaned_once, (100 - 50) / 20 * 24),
        (runaway, (100 - 64) / 12),
        (rotated_and_climbing, None),
        (flat, math.inf),
        (by_day, math.inf),
        (rotated, math.inf),
        (levelling_off, math.inf),
        (falling, math.inf),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_when_it_is_full(kind, hours, seed):
    found = growth(*series(3, kind, seed=seed))

    until = found.until(FULL) / HOUR
    if hours is None:
        assert 24 < until < math.inf
    elif math.isinf(hours):
        assert until > 24 * 5
    else:
        assert until == pytest.approx(hours, rel=0.25)


@pytest.mark.parametrize("kind", [flat, by_day, rotated, falling, levelling_off])
def test_what_never_fills_up_raises_no_alarm_at_any_hour(kind):
    at, values = series(8, kind)
    judge = Forecast.read({"limit": DAY, "full": FULL})
    moments = np.arange(3 * DAY, 8 * DAY, 3 * HOUR)

    hours = judge.measure(Heard(Track(at, values)), moments)

    assert not (judge.bar.grades(hours) == 3).any()


def test_a_disk_that_fills_is_seen_a_day_ahead_and_not_much_sooner():
    at, values = series(4.4, linear)  # full after four days
    judge = Forecast.read({"limit": DAY, "full": FULL})
    moments = np.arange(DAY, 4 * DAY, HOUR)

    over = judge.bar.grades(judge.measure(Heard(Track(at, values)), moments)) == 3

    assert moments[over][0] == pytest.approx(3 * DAY, abs=5 * HOUR)
    assert over[moments > moments[over][0]].mean() > 0.9


def test_what_runs_out_is_what_fills_up_upside_down():
    at, values = series(3, linear)
    up = Forecast.read({"limit": DAY, "full": FULL})
    down = Forecast.read({"limit": DAY, "full": -FULL, "rising": False})
    moments = np.array([3 * DAY])

    assert up.measure(Heard(Track(at, values)), moments) == down.measure(
        Heard(Track(at, -values)), moments
    )


def test_of_too_little_nothing_is_said():
    assert growth(np.arange(3.0), np.arange(3.0)) is None
    judge = Forecast.read({"limit": DAY, "full": FULL})
    at, values = series(0.2, linear)
    assert math.isnan(judge.measure(Heard(Track(at, values)), np.array([0.2 * DAY]))[0])
    assert math.isnan(judge.measure(Heard(Track()), np.array([0.2 * DAY]))[0])
