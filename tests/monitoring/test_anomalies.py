"""What the detector finds, what it leaves alone, and that it says why."""

from datetime import datetime, timedelta
from math import inf, nan
from zoneinfo import ZoneInfo

import pytest

from monitoring.domain.anomalies import Detector, Reason, View
from monitoring.domain.anomalies.cooldown import READINGS, Cooldown
from monitoring.domain.anomalies.detector import burden
from tests.monitoring.metrics import A_DAY, MONDAY, alarms, changed, daily, judged, moments, steady

WEEKS = 14 * A_DAY


@pytest.mark.parametrize(
    ("fault", "values"),
    [
        ("a spike", changed(daily(WEEKS), 3000, 2, lambda value: value + 60)),
        ("a fall to zero", changed(daily(WEEKS), 3000, 40, lambda _: 0.0)),
        ("a new level", changed(steady(WEEKS), 3000, 100, lambda value: value + 60)),
        (
            "noise",
            changed(daily(WEEKS), 3000, 100, lambda value: value + 8 * ((value * 97) % 7 - 3)),
        ),
        ("a stuck value", changed(daily(WEEKS), 3000, 60, lambda _: 50.0)),
    ],
)
def test_each_kind_of_fault_is_found_soon(fault, values):
    found = alarms(judged(values))
    assert any(3000 <= at < 3036 for at in found), (fault, found)


def test_a_night_like_a_day_is_found_although_each_reading_is_ordinary():
    values = daily(WEEKS)
    night = 10 * A_DAY + A_DAY // 2
    values[night : night + 144] = values[A_DAY : A_DAY + 144]
    assert any(night <= at < night + 144 for at in alarms(judged(values)))


def test_a_quiet_metric_is_left_alone():
    assert len(alarms(judged(steady(WEEKS)))) <= 2
    assert len(alarms(judged(daily(WEEKS)))) <= 2


@pytest.mark.parametrize("constant", [7.0, 0.1, -1 / 3, 1e9 / 7, 45 * 1.7 + 1e-3])
def test_a_constant_is_never_an_anomaly(constant):
    """Nor is what its means differ by, rounded as they are."""
    assert alarms(judged([constant] * 5000), 0.01) == []


def test_the_first_readings_are_learned_from_and_not_judged():
    judgements = judged([*steady(90), 1e9])
    assert {judgement.reason for judgement in judgements} == {Reason.LEARNING}
    assert not any(judgement.score for judgement in judgements)


def test_an_anomaly_says_what_it_saw_and_what_was_expected():
    judgement = judged([*steady(2000), 200.0])[-1]
    assert judgement.reason is Reason.UNUSUAL
    assert judgement.view in {View.VALUE, View.DRIFT, View.HOUR}
    assert judgement.observed == 200.0
    assert 100 < judgement.expected.high < 125
    assert judgement.observed not in judgement.expected
    assert judgement.probability < 0.005


@pytest.mark.parametrize("seed", range(8))
def test_what_the_strongest_view_saw_lies_outside_its_band(seed):
    values = changed(daily(WEEKS, seed), 2000, 5, lambda value: value * 1.4)
    values[3000 : 3000 + A_DAY] = daily(A_DAY, seed, noise=4.0 + seed)
    said = [one for one in judged(values) if one.reason is Reason.UNUSUAL]
    assert said
    assert all(one.observed not in one.expected for one in said)


def test_a_gap_between_two_levels_is_explained_by_the_nearer_one():
    two = [
        10.0 + number % 7 / 10 if number // 50 % 2 else 90.0 + number % 5 for number in range(2000)
    ]
    judgement = judged([*two, 40.0])[-1]
    assert judgement.reason is Reason.UNUSUAL
    assert 10 <= judgement.expected.low < judgement.expected.high < 11


def test_how_rare_it_was_is_right_in_the_long_run():
    rare = [one.probability for one in judged(steady(8000)) if one.reason is not Reason.LEARNING]
    for share in (0.1, 0.02):
        assert 0.5 < sum(one <= share for one in rare) / len(rare) / share < 1.5


def test_what_could_not_be_seen_on_a_chart_of_the_past_calls_nobody():
    small = changed(steady(2500), 2000, 3, lambda _: 135.0)
    assert alarms(judged(small)) == [2000]
    beside_an_outlier = changed(small, 500, 1, lambda _: 9000.0)
    assert alarms(judged(beside_an_outlier)) == [500]


def test_the_same_anomaly_is_said_once():
    judgements = judged(changed(steady(3000), 2500, 90, lambda _: 200.0))
    assert alarms(judgements)[0] == 2500
    assert len(alarms(judgements)) <= 3
    assert judgements[2530].score == 0


def test_what_lasts_is_said_again_only_when_it_is_half_as_likely():
    cooldown = Cooldown()
    assert [cooldown.passes(surprise) for surprise in (0.2, 3.0, 3.6, 3.8, 4.4, 4.6)] == [
        False, True, False, True, False, True,
    ]  # fmt: skip
    assert not any(cooldown.passes(4.6) for _ in range(300))
    assert not any(cooldown.passes(1.0) for _ in range(READINGS))
    assert cooldown.passes(1.0)


def test_the_longer_a_metric_is_known_the_surer_one_must_be():
    counts = [100, 1000, 10_000, 100_000]
    needed = [burden(count) for count in counts]
    assert needed[0] == 0
    assert needed == sorted(needed)
    assert burden(10**9) == needed[-1]  # what is that old has faded


@pytest.mark.parametrize("nothing", [None, nan, inf, -inf, 1e300])
def test_what_is_no_number_is_told_apart_and_changes_nothing(nothing):
    values = steady(2000)
    broken = Detector.fresh()
    judged(values[:1000], broken)
    lost = judged([nothing] * 5, broken, moments(5, MONDAY + timedelta(days=20)))
    assert [one.reason for one in lost] == [Reason.MISSING] * 5
    at = moments(1000, MONDAY + timedelta(days=21))
    whole = Detector.fresh()
    judged(values[:1000], whole)
    assert judged(values[1000:], broken, at) == judged(values[1000:], whole, at)


def test_no_data_for_an_hour_is_an_alarm_and_only_one():
    judgements = judged([*steady(1000), *[None] * 50])
    assert alarms(judgements) == [1011]
    assert judgements[1011].reason is Reason.NO_DATA


def test_a_reading_that_is_not_newer_is_left_out():
    detector = Detector.fresh()
    judged(steady(1000), detector)
    before = detector.update(moments(1001)[-1], 100.0)
    assert before.reason is not Reason.LATE
    for late in (moments(1001)[-1], moments(500)[-1]):
        assert detector.update(late, 9e9).reason is Reason.LATE


def test_a_clock_that_was_set_back_is_believed_after_a_while():
    detector = Detector.fresh()
    judged(steady(200), detector, moments(200, MONDAY + timedelta(weeks=200)))
    reasons = [one.reason for one in judged(steady(100), detector)]
    assert reasons[:11] == [Reason.LATE] * 11
    assert Reason.LATE not in reasons[11:]


def test_the_hour_that_comes_twice_in_autumn_is_not_late():
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 0, tzinfo=ZoneInfo("UTC"))
    at = [(start + timedelta(minutes=5 * number)).astimezone(berlin) for number in range(40)]
    assert {one.reason for one in judged(steady(40), at=at)} == {Reason.LEARNING}


def test_a_counter_is_judged_by_its_rate_and_may_begin_again():
    counts, total = [], 0.0
    for number, increase in enumerate(steady(3000)):
        total = 0.0 if number in {1500, 2200} else total + increase
        counts.append(total)
    judgements = judged(counts, Detector.fresh(counter=True))
    assert [at for at, one in enumerate(judgements) if one.reason is Reason.RESET] == [1500, 2200]
    assert len(alarms(judgements)) <= 2


def test_a_metric_that_often_stands_still_is_not_stuck():
    values = [float(number // 30 % 5) for number in range(4000)]
    assert Reason.STUCK not in {one.reason for one in judged(values)}


def test_a_stuck_value_is_named():
    judgements = judged(changed(steady(2000), 1500, 100, lambda _: 100.0))
    first = next(at for at, one in enumerate(judgements) if one.reason is Reason.STUCK)
    assert first == 1511
    assert judgements[first].score > 0.7


def test_what_is_usual_follows_the_day_and_is_unknown_while_it_learns():
    detector = Detector.fresh()
    at = moments(WEEKS)
    readings = list(zip(at, daily(WEEKS), strict=True))
    for reading in readings[: 5 * A_DAY]:
        detector.update(*reading)
    assert detector.usual(at[6 * A_DAY]) is None

    for reading in readings[5 * A_DAY :]:
        detector.update(*reading)
    readings = readings[-A_DAY:]
    inside = [value for moment, value in readings if value in detector.usual(moment)]
    assert len(inside) > 0.95 * A_DAY
    widest = max(values := [value for _, value in readings]) - min(values)
    assert all((band := detector.usual(at)).high - band.low < widest for at, _ in readings)


def test_what_was_never_seen_is_not_usual():
    detector = Detector.fresh()
    for moment, value in zip(moments(8 * A_DAY), [0.0, 1.0] * (4 * A_DAY), strict=True):
        detector.update(moment, value)
    band = detector.usual(MONDAY + timedelta(days=8))
    assert (band.low, band.high) == (0.0, 1.0)
