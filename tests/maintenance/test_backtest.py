"""What a backtest says of metrics whose truth is known."""

import numpy as np

from maintenance.domain import backtest
from tests.maintenance import courses


def test_a_course_of_the_day_is_forecast_better_than_by_yesterday():
    found = backtest.hours(*courses.readings(courses.by_day(days=40), noise=2))
    assert found.forecasts == 6
    assert found.relative < 0.85
    assert found.held_80 < found.held_95


def test_steady_growth_is_dated_well():
    found = backtest.days(*courses.readings(courses.line(days=120), noise=0.5))
    assert found.cases > 10
    assert found.factor < 1.3
    assert found.late < 0.1


def test_what_does_not_grow_has_no_dates_to_judge():
    assert backtest.days(*courses.readings(courses.line(a_day=-0.3), noise=0)) is None


def test_nothing_is_judged_without_history():
    assert backtest.hours([], np.array([])) is None
    assert backtest.days([], np.array([])) is None


def test_hours_that_nobody_read_do_not_count_against_a_forecast():
    moments, values = courses.readings(courses.by_day(days=40), noise=2)
    whole = backtest.hours(moments, values)
    kept = [place for place in range(len(moments)) if place % 5]
    holed = backtest.hours([moments[place] for place in kept], values[kept])
    assert holed.forecasts == whole.forecasts
    assert abs(holed.relative - whole.relative) < 0.15
    assert holed.held_80 > 0.6
