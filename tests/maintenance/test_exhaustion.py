"""When a threshold is reached, what only looks like growth, and what nobody can know."""

from datetime import timedelta

import numpy as np
import pytest

from maintenance.domain.exhaustion import outlook
from tests.maintenance import courses


def days(values, threshold, **more):
    return outlook(*courses.readings(values, **more)).until(threshold)


@pytest.mark.parametrize(
    ("values", "threshold", "left"),
    [
        (courses.line(), 77, 33),
        (courses.line(), 72, 16),
        (courses.bent(), 80, 20),
        (courses.cleaned_up(), 70, 60),
        (courses.by_day() + courses.line(base=0), 85, 39),
    ],
)
def test_growth_reaches_its_threshold_in_time(values, threshold, left):
    reach = days(values, threshold)
    assert left / 1.25 <= reach.days <= left * 1.25
    assert reach.soonest <= reach.days <= reach.latest


@pytest.mark.parametrize(
    ("values", "threshold"),
    [
        (courses.by_day(), 60),
        (courses.saturating(), 65),
        (courses.restarted(), 75),
        (courses.line(a_day=-0.3), 60),
        (np.full(90 * 24, 40.0), 50),
    ],
)
def test_what_only_looks_like_growth_never_gets_there(values, threshold):
    assert days(values, threshold).days is None


def test_a_metric_without_any_noise_is_forecast_too():
    assert days(np.full(90 * 24, 40.0), 50, noise=0).days is None
    assert 25 <= days(courses.line(), 75, noise=0).days <= 29


def test_the_unit_changes_nothing():
    bytes_ = outlook(*courses.readings(courses.line() * 1e12, noise=1e11)).until(77e12)
    share = outlook(*courses.readings(courses.line(), noise=0.1)).until(77)
    assert bytes_.days == pytest.approx(share.days, rel=0.02)


def test_what_is_passed_already_takes_no_days():
    assert days(courses.line(), 50).days == 0


def test_more_certainty_takes_a_wider_range():
    found = outlook(*courses.readings(courses.line(), noise=2))
    narrow, wide = found.until(77, share=0.8), found.until(77, share=0.95)
    assert wide.soonest < narrow.soonest < narrow.latest < wide.latest


def test_nothing_is_said_of_less_than_ten_days():
    assert outlook(*courses.readings(courses.line(days=9))) is None
    assert outlook([], np.array([])) is None


def test_little_history_is_not_drawn_out_for_a_year():
    found = outlook(*courses.readings(courses.line(days=12)))
    assert found.horizon == 72
    assert found.until(200).days is None


def test_a_change_of_pace_is_told():
    assert 15 <= outlook(*courses.readings(courses.bent(ago=20))).changed <= 25
    assert outlook(*courses.readings(courses.line())).changed is None


def test_bursts_are_told_by_their_days():
    moments, values = courses.in_bursts()
    found = outlook(moments, values)
    reach = found.until(values[-1] + 36)
    assert found.kinds == {"bursts": 1.0}
    assert 15 <= reach.days <= 60
    assert reach.soonest < reach.days < reach.latest


def test_gaps_and_missing_readings_do_not_move_the_answer():
    moments, values = courses.readings(courses.line())
    kept = [place for place in range(len(moments)) if place % 7 and not 400 < place < 430]
    holed = values[kept].copy()
    holed[50:53] = np.nan
    whole = outlook(moments, values).until(77).days
    assert outlook([moments[i] for i in kept], holed).until(77).days == pytest.approx(
        whole, rel=0.1
    )


def test_the_same_history_gives_the_same_answer():
    one, two = (outlook(*courses.readings(courses.bent())) for _ in range(2))
    assert one.until(80) == two.until(80)


def test_more_load_is_there_sooner():
    found = outlook(*courses.readings(courses.line()))
    assert found.times(1.2).until(90).days < found.until(90).days


def test_the_pace_is_told_a_day():
    assert outlook(*courses.readings(courses.line(a_day=0.3))).pace == pytest.approx(0.3, rel=0.1)
    moments, values = courses.readings(courses.line(a_day=0.3))
    later = [moment + timedelta(days=700) for moment in moments]
    assert outlook(later, values).pace == outlook(moments, values).pace


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("absurd", [np.nan, np.inf, -np.inf, 1.7e308])
def test_what_no_meter_reads_is_no_reading(absurd):
    moments, values = courses.readings(courses.line())
    whole = outlook(moments, values).until(77).days
    values[700] = absurd
    assert outlook(moments, values).until(77).days == pytest.approx(whole, rel=0.02)
    assert outlook(moments, np.full(len(values), absurd)) is None


def test_the_order_of_readings_does_not_count():
    moments, values = courses.readings(courses.line())
    turned = outlook(moments[::-1], values[::-1])
    assert turned.until(77) == outlook(moments, values).until(77)


def test_a_clock_that_was_a_century_off_once_takes_no_memory():
    moments, values = courses.readings(courses.line())
    moments[0] -= timedelta(days=36_500)
    found = outlook(moments, values)
    assert found.known < 2_000
