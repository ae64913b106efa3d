"""The next hours, and the bands around them."""

import numpy as np
import pytest

from maintenance.domain.hourly import forecast
from tests.maintenance import courses


def split(values, noise=1.0, seed=1, ahead=72):
    moments, values = courses.readings(values, noise=noise, seed=seed)
    return moments[:-ahead], values[:-ahead], values[-ahead:]


def test_the_course_of_the_day_goes_on():
    moments, known, came = split(courses.by_day(days=24), noise=0.5)
    found = forecast(moments, known, 72)
    assert np.abs(found.middle - came).mean() < 1


def test_a_metric_that_moved_is_forecast_where_it_is_now():
    moved = courses.by_day(days=24, swing=1) + 30 * (courses.hours(24) >= 24 * 16)
    moments, known, came = split(moved, noise=0.5)
    assert np.abs(forecast(moments, known, 72).middle - came).mean() < 3


def test_the_bands_hold_what_they_promise():
    held_80, held_95 = [], []
    for seed in range(12):
        moments, known, came = split(courses.by_day(days=31), noise=2, seed=seed)
        found = forecast(moments, known, 72)
        held_80.append(((came >= found.low_80) & (came <= found.high_80)).mean())
        held_95.append(((came >= found.low_95) & (came <= found.high_95)).mean())
    assert 0.74 <= np.mean(held_80) <= 0.9
    assert 0.9 <= np.mean(held_95) <= 0.99


@pytest.mark.parametrize("days", [6, 8, 14, 40])
def test_the_bands_lie_within_each_other(days):
    found = forecast(*courses.readings(courses.by_day(days=days), noise=1), hours=72)
    assert (found.low_95 <= found.low_80).all()
    assert (found.low_80 <= found.middle).all()
    assert (found.middle <= found.high_80).all()
    assert (found.high_80 <= found.high_95).all()


def test_what_never_was_below_nothing_will_not_be():
    moments, known, _came = split(np.abs(courses.by_day(base=2, swing=2)), noise=0)
    assert (forecast(moments, known, 72).low_95 >= 0).all()


def test_a_metric_that_stands_still_stands_still():
    found = forecast(*courses.readings(np.full(14 * 24, 7.0), noise=0), hours=24)
    assert (found.middle == 7).all()


def test_nothing_is_said_of_less_than_five_days():
    assert forecast(*courses.readings(courses.by_day(days=4)), hours=72) is None
    assert forecast([], np.array([]), hours=72) is None


def test_more_holes_than_readings_foretell_nothing():
    moments, values = courses.readings(courses.by_day(days=28))
    kept = [place for place in range(len(moments)) if place < 40 or place % 24 == 0]
    assert forecast([moments[place] for place in kept], values[kept], hours=72) is None


def test_readings_of_days_foretell_no_hours():
    moments, values = courses.in_bursts()
    assert forecast(moments, values, hours=72) is None
