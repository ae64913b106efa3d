"""Figures by hand, and against a slow and obvious reference."""

import statistics
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.domain.serving import Served
from postmortems.domain.figures import chance, changes, estimates
from postmortems.domain.figures.cases import Case, Cases, Clock, Window, lengths
from postmortems.domain.figures.chance import byar, ranks, student, wilson
from postmortems.domain.figures.changes import Verdict
from postmortems.domain.figures.reckoning import reckon
from postmortems.domain.figures.serving import kept
from postmortems.domain.figures.spells import between_failures, spells, troubled

START = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=30))


def after(**span: float) -> datetime:
    return START + timedelta(**span)


def case(number: int = 1, *, hours: float = 0, took: float | None = 60, **said) -> Case:
    detected = after(hours=hours)
    resolved = None if took is None else detected + timedelta(minutes=took)
    return Case(number, said.pop("severity", "P1"), detected, resolved=resolved, **said)


# By hand


def test_three_incidents_as_one_would_reckon_them_on_paper():
    cases = [case(1, took=10), case(2, hours=100, took=20), case(3, hours=200, took=60)]
    found = reckon(Cases.of(cases), WINDOW, at=after(days=30), zone=UTC)
    resolve = found.timings[Clock.RESOLVE]

    assert resolve.mean.value == 1800
    assert resolve.median.value == 1200
    assert (resolve.p95.value, resolve.p95.n) == (None, 3)
    assert found.incidents.value == 3
    assert found.between_failures.value == (30 * 86_400 - 90 * 60) / 3
    # t(2) = 4.303; s = 26.458 min; 30 ± 4.303 · 26.458 / √3, and no length of time is below nothing
    assert resolve.mean.low == 0
    assert resolve.mean.high / 60 == pytest.approx(95.73, abs=0.01)


def test_none_at_all_is_not_enough_data_and_still_a_count():
    found = reckon(Cases.of([]), WINDOW, at=after(days=30), zone=UTC)

    assert found.incidents == estimates.Figure(
        0.0, "incidents", 0, 0.0, pytest.approx(3.7, abs=0.1)
    )
    assert found.between_failures == estimates.Figure(None, "s", 0)
    assert found.resolved_late == estimates.Figure(None, "%", 0)
    assert found.troubled.value == 0
    assert all(
        figure.value is None
        for timing in found.timings.values()
        for figure in (timing.mean, timing.median, timing.p95, timing.trend)
    )


def test_one_incident_has_a_mean_without_an_interval():
    found = (
        reckon(Cases.of([case()]), WINDOW, at=after(days=30), zone=UTC).timings[Clock.RESOLVE].mean
    )

    assert found == estimates.Figure(3600.0, "s", 1, None, None)


def test_overlapping_incidents_are_one_time_of_trouble():
    cases = [case(1, took=60), case(2, hours=0.5, took=60), case(3, hours=0.5, took=10)]

    assert troubled(spells(Cases.of(cases), at=after(days=30)), WINDOW) == 90 * 60
    assert between_failures(Cases.of(cases), WINDOW, at=after(days=30)).n == 1


def test_trouble_from_before_the_window_counts_its_seconds_but_is_no_new_failure():
    cases = [case(hours=-1, took=90)]

    assert troubled(spells(Cases.of(cases), at=after(days=30)), WINDOW) == 30 * 60
    assert between_failures(Cases.of(cases), WINDOW, at=after(days=30)) == estimates.Figure(
        None, "s", 0
    )


def test_moments_that_contradict_each_other_are_left_out_and_told():
    wrong = Case(1, "P0", after(hours=2), acknowledged=after(hours=1), resolved=after(hours=3))
    found = reckon(Cases.of([wrong]), WINDOW, at=after(days=30), zone=UTC).timings[
        Clock.ACKNOWLEDGE
    ]

    assert (found.mean.value, found.mean.n, found.contradicting) == (None, 0, 1)


def test_a_promise_is_missed_by_the_moments_as_they_are_now():
    kept_late = case(took=60, resolve_by=after(minutes=30))
    going_on = case(2, took=None, resolve_by=after(hours=1))

    both = Cases.of([kept_late, going_on])

    assert both.missed(at=after()).tolist() == [True, False]
    assert both.missed(at=after(minutes=59)).tolist() == [True, False]
    assert both.missed(at=after(minutes=61)).tolist() == [True, True]


def test_an_hour_is_one_of_the_zone():
    seoul = reckon(Cases.of([case()]), WINDOW, at=after(days=30), zone=timezone_of(9)).by_hour

    assert seoul == {9: 1}


def timezone_of(hours):
    from datetime import timezone

    return timezone(timedelta(hours=hours))


# Availability


def test_a_service_that_was_down_for_43_minutes_of_30_days_just_keeps_three_nines():
    month = 30 * 86_400
    found = kept(Served(month, 0, 100 * 43 * 60), target=99.9)

    assert found.availability.value == 99.9
    assert found.down.value == 2580
    assert found.burn.value == pytest.approx(2580 / 2592)
    assert found.budget.value == pytest.approx(100 * (1 - 2580 / 2592))


def test_time_of_which_nothing_is_known_bounds_what_may_have_been():
    found = kept(Served(50, 50, 0), target=99.9).availability

    assert (found.value, found.low, found.high) == (100.0, 50.0, 100.0)
    assert kept(None, target=99.9).availability.value is None
    assert kept(Served(0, 9, 0), target=99.9).burn.value is None
    assert kept(Served(9, 0, 0), target=100).burn.value is None


# Chance, against published tables


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, 12.706), (2, 4.303), (4, 2.776), (10, 2.228), (30, 2.042), (1000, 1.962)]
)
def test_students_quantiles_are_those_of_the_table(freedom, t):
    assert student(freedom) == pytest.approx(t, abs=6e-4)


@pytest.mark.parametrize(
    ("n", "bounds"), [(5, (None, None)), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (100, (40, 61))]
)
def test_ranks_around_a_median_are_those_of_the_table(n, bounds):
    assert ranks(n, 0.5) == bounds


def test_wilson_and_byar_are_near_what_is_published():
    assert wilson(0, 10) == (0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(8, 10) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert byar(10) == (pytest.approx(4.795, abs=0.05), pytest.approx(18.39, abs=0.05))


# Changes


def test_twice_as_long_with_little_spread_is_more_and_with_much_it_is_noise():
    steady = [60.0 + n % 3 for n in range(20)]
    wild = [1.0, 500.0, 3.0, 90.0, 4.0]

    assert changes.of_means([2 * one for one in steady], steady, "s").verdict == Verdict.MORE
    assert changes.of_means([2 * one for one in wild], wild, "s").verdict == Verdict.NOISE
    assert changes.of_means(steady[:4], steady, "s").verdict == Verdict.TOO_FEW
    assert changes.of_means([5.0] * 5, [5.0] * 5, "s").verdict == Verdict.NOISE


def test_counts_are_compared_by_their_rates():
    same_rate = changes.of_counts(10, 30, 30, 90)

    assert same_rate.value == pytest.approx(0)
    assert same_rate.verdict == Verdict.NOISE
    assert changes.of_counts(40, 30, 30, 90).verdict == Verdict.MORE
    assert changes.of_counts(0, 30, 60, 90).verdict == Verdict.LESS
    assert changes.of_counts(9, 30, 0, 90).value is None
    assert changes.of_counts(2, 30, 2, 90).verdict == Verdict.TOO_FEW


def test_shares_are_compared_in_points():
    assert changes.of_shares((1, 40), (20, 40)).verdict == Verdict.LESS
    assert changes.of_shares((1, 6), (2, 6)).verdict == Verdict.NOISE


def test_a_trend_of_times_that_double_each_month_says_so():
    days = [float(day) for day in range(30)]
    doubling = [60 * 2 ** (day / 30) for day in days]

    assert estimates.trend(days, doubling).value == pytest.approx(100)
    assert estimates.trend(days[:9], doubling[:9]).value is None
    assert estimates.trend([1.0] * 20, [60.0] * 20).value is None


# Against the slow reference

MINUTES = st.integers(-50, 400)


@st.composite
def histories(draw):
    """Any moments at all, as corrections may leave them: also ends before beginnings."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        at = draw(MINUTES)
        known = [draw(st.none() | MINUTES) for _ in range(4)]
        moments = [None if one is None else after(minutes=one) for one in known]
        began, *others = moments
        found.append(Case(number, "P1", after(minutes=at), began, *others))
    return found


SHORT = Window(START, after(minutes=300))
NOW = after(minutes=350)


def since(case):
    return min(case.began or case.detected, case.detected)


def minutes_of_trouble(cases):
    """One minute after the other: is there anybody who has trouble?"""
    return sum(
        any(since(one) <= after(minutes=m) < (one.resolved or NOW) for one in cases)
        for m in range(300)
    )


@settings(max_examples=200, deadline=None)
@given(histories())
def test_trouble_is_what_counting_minute_by_minute_says(cases):
    assert troubled(spells(Cases.of(cases), at=NOW), SHORT) == 60 * minutes_of_trouble(cases)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_times_are_what_the_library_says_of_the_sensible_ones(cases):
    found = reckon(Cases.of(cases), SHORT, at=NOW, zone=UTC)
    inside = [one for one in cases if SHORT.since <= one.detected < SHORT.until]
    for clock, start, end in [
        (Clock.DETECT, "began", "detected"),
        (Clock.ACKNOWLEDGE, "detected", "acknowledged"),
        (Clock.MITIGATE, "detected", "mitigated"),
        (Clock.RESOLVE, "detected", "resolved"),
    ]:
        pairs = [(getattr(one, start), getattr(one, end)) for one in inside]
        whole = [(b - a).total_seconds() for a, b in pairs if a and b and b >= a]
        timing = found.timings[clock]
        assert timing.mean.n == len(whole)
        assert timing.mean.value == (pytest.approx(statistics.fmean(whole)) if whole else None)
        assert timing.median.value == (statistics.median(whole) if whole else None)
        assert timing.contradicting == sum(1 for a, b in pairs if a and b and b < a)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_every_figure_is_a_number_within_its_bounds_or_none(cases):
    found = reckon(Cases.of(cases), SHORT, at=NOW, zone=UTC)
    figures = [found.incidents, found.between_failures, found.answered_late, found.resolved_late]
    for timing in found.timings.values():
        figures += [timing.mean, timing.median, timing.p95, timing.trend]
    for one in figures:
        if one.value is None:
            assert (one.low, one.high) == (None, None)
            continue
        assert one.value == one.value  # no NaN
        assert one.low is None or one.low <= one.value + 1e-9
        assert one.high is None or one.high >= one.value - 1e-9


@settings(max_examples=100, deadline=None)
@given(histories(), st.permutations(range(12)))
def test_the_order_in_which_incidents_are_read_changes_nothing(cases, order):
    shuffled = [cases[place] for place in order if place < len(cases)]

    assert reckon(Cases.of(cases), SHORT, at=NOW, zone=UTC) == reckon(
        Cases.of(shuffled), SHORT, at=NOW, zone=UTC
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0.01, 0.99))
def test_a_quantile_is_between_two_neighbours(values, share):
    found = estimates.quantile(values, share, "s").value

    assert min(values) <= found <= max(values)
    assert sum(one < found - 1e-6 for one in values) <= share * (len(values) - 1) + 1


def test_lengths_are_of_what_is_over():
    some = Cases.of([case(took=None), case(2, took=5)])

    assert lengths(some, Clock.RESOLVE).tolist() == [300.0]


def test_whom_an_incident_calls_is_its_route_or_the_owner_of_its_first_service_that_has_one():
    some = Cases.of(
        [case(1, services=(7, 5, 6), team=None), case(2, services=(5,), team=9), case(3)]
    ).by({5: None, 6: 2, 7: 3})

    assert some.team.tolist() == [2, 9, 0]


def test_chosen_cases_take_along_what_they_concern():
    some = Cases.of([case(n, hours=n, services=(n, 50)) for n in (1, 2, 3)])
    chosen = some.at(np.array([2, 0]))

    assert chosen.number.tolist() == [3, 1]
    assert chosen.where(chosen.are_of(3)).number.tolist() == [3]
    assert chosen.where(chosen.are_of(2)).number.tolist() == []
    assert chosen.where(chosen.are_of(50)).number.tolist() == [3, 1]


@pytest.mark.parametrize("freedom", [201, 250, 1000, 40_000])
def test_many_degrees_of_freedom_are_told_at_once_and_no_worse(freedom, monkeypatch):
    at_once = student(freedom)
    monkeypatch.setattr(chance, "MANY", 100_000)

    assert at_once == pytest.approx(student.__wrapped__(freedom), abs=1e-8)
