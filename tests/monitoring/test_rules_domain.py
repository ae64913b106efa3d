"""Rules over series of samples: tables of what is said when, and what holds for every series."""

import math
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.rules import (
    ANEW,
    Absence,
    BadRule,
    Bar,
    Change,
    Composite,
    Grade,
    Heard,
    Lasting,
    Rate,
    Ratio,
    Shelf,
    Stance,
    State,
    Strange,
    Threshold,
    Track,
    advance,
    all_judged,
    grid,
    judged,
)
from monitoring.domain.rules.composite import cycle, together
from monitoring.domain.rules.drawing import chart
from monitoring.domain.rules.ratio import Partners
from monitoring.domain.rules.wording import figure, filled, strangers

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
START = 1_795_000_000 // 86400 * DAY


def minutely(*values, start=START):
    return Track.of([(start + n * MINUTE, v) for n, v in enumerate(values) if v is not None])


AT_ONCE = Lasting()


def said(judge, track, lasting=AT_ONCE, *, minutes=None, born=START, stance=ANEW):
    """Each change as (minute, state)."""
    until = START + MINUTE * (minutes if minutes is not None else len(track.at))
    moments = grid(START - 1, until, judge.step)
    course = judged(judge, lasting, Heard(track, born=born), moments, stance)
    return [((one.at - START) / MINUTE, str(one.stance.state)) for one in course.changes]


def last_minute(limit=90, clear=None, above=True, **more):
    return Threshold(Bar(limit, above, clear), window=MINUTE, **more)


@pytest.mark.parametrize(
    ("values", "lasting", "expected"),
    [
        ([50, 95, 95, 50], Lasting(), [(1, "firing"), (3, "ok")]),
        ([50, 90, 50], Lasting(), []),  # the bar itself is not over it
        (
            [50, 95, 95, 95, 50],
            Lasting(over=2 * MINUTE),
            [(1, "pending"), (3, "firing"), (4, "ok")],
        ),
        ([50, 95, 50, 95, 50], Lasting(over=2 * MINUTE), [
            (1, "pending"), (2, "ok"), (3, "pending"), (4, "ok"),
        ]),
        ([95, 50, 50, 50], Lasting(clear=2 * MINUTE), [
            (0, "firing"), (1, "firing"), (3, "ok"),
        ]),
        ([95, 50, 95, 50, 50, 50], Lasting(clear=2 * MINUTE), [
            (0, "firing"), (1, "firing"), (2, "firing"), (3, "firing"), (5, "ok"),
        ]),
        ([50, None, None, 95], Lasting(), [(1, "no-data"), (3, "firing")]),
        ([95, None, None, 95], Lasting(), [(0, "firing"), (1, "no-data"), (3, "firing")]),
    ],
)  # fmt: skip
def test_a_threshold_by_how_long_it_is_passed(values, lasting, expected):
    assert said(last_minute(), minutely(*values), lasting, minutes=len(values) - 0.25) == expected


def test_between_the_two_bars_a_rule_that_fires_goes_on_and_one_that_waits_starts_anew():
    judge = last_minute(90, clear=80)

    assert said(judge, minutely(95, 85, 79)) == [(0, "firing"), (2, "ok"), (3, "no-data")]
    assert said(judge, minutely(95, 85, 95, 95, 95), Lasting(over=2 * MINUTE), minutes=4) == [
        (0, "pending"), (1, "ok"), (2, "pending"), (4, "firing"),
    ]  # fmt: skip


def test_one_firing_through_a_gap_is_one_and_ends_after_a_day_of_silence():
    judge, gap = last_minute(), [None] * 1500
    course = judged(
        judge, Lasting(), Heard(minutely(95, *gap)), grid(START - 1, START + 1500 * MINUTE, 15)
    )

    (firing,) = course.firings
    assert (firing.fired_at, firing.ended_at) == (START, START + MINUTE + DAY)
    given_up = course.changes[-1]
    assert (given_up.stance.state, given_up.stance.fired_at) == (State.NO_DATA, None)
    assert given_up.at == START + MINUTE + DAY

    through = judged(
        judge, Lasting(), Heard(minutely(95, None, None, 95)), grid(START - 1, START + 200, 15)
    )
    assert len(through.firings) == 1
    assert through.stance.fired_at == START


@pytest.mark.parametrize(
    ("how", "expected"),
    [("last", 4), ("mean", 5), ("max", 9), ("min", 2), ("sum", 15), ("percentile", 9)],
)
def test_what_a_window_amounts_to(how, expected):
    judge = Threshold(Bar(0), window=3 * MINUTE, aggregate=how)
    track = minutely(100, 2, 9, 4)

    (value,) = judge.measure(Heard(track), np.array([START + 3 * MINUTE]))

    assert value == expected


def test_a_sample_of_the_future_is_not_seen_before_its_time():
    track = Track.of([(START, 50), (START + 10 * MINUTE, 99)])

    assert said(Threshold(Bar(90), window=HOUR), track, minutes=5) == []


def test_out_of_order_twice_told_and_not_a_number_make_no_difference():
    plain = Track.of([(START, 1), (START + 1, 2), (START + 2, 3)])
    messy = Track.of([(START + 2, 3), (START, 1), (START + 2, 9), (START + 3, math.nan),
                      (START + 1, 2), (START + 1, 7)])  # fmt: skip

    assert messy.at.tolist() == plain.at.tolist()
    assert messy.values.tolist() == plain.values.tolist()


@pytest.mark.parametrize(
    ("values", "counter", "a_minute"),
    [
        ([0, 10, 20, 30, 40], False, 10),
        ([0, 10, 20, 30, 40], True, 10),
        ([90, 100, 5, 15, 25], True, (10 + 5 + 10 + 10) / 4),  # began again
        ([40, 30, 20, 10, 0], False, -10),
        ([7, None, None, None, 15], True, 2),  # by the time that really passed
        ([7], True, None),
    ],
)
def test_a_rate_by_the_minute(values, counter, a_minute):
    judge = Rate(Bar(0), window=5 * MINUTE, counter=counter)

    (value,) = judge.measure(Heard(minutely(*values)), np.array([START + 4 * MINUTE]))

    assert value == pytest.approx(a_minute) if a_minute is not None else math.isnan(value)


@pytest.mark.parametrize(
    ("then", "now", "percent"),
    [(100, 150, 50), (100, 40, -60), (-10, -5, 50), (0, 0, 0), (0, 5, None), (None, 5, None)],
)
def test_in_percent_of_the_same_time_yesterday(then, now, percent):
    judge = Change(Bar(0), window=HOUR)
    track = Track.of([(START - DAY, then), (START, now)] if then is not None else [(START, now)])

    (value,) = judge.measure(Heard(track), np.array([START]))

    assert value == pytest.approx(percent) if percent is not None else math.isnan(value)


@pytest.mark.parametrize(("days", "hours"), [(1, 25), (7, 7 * 24 + 1)])
def test_the_same_time_yesterday_is_what_the_clock_on_the_wall_says(days, hours):
    end_of_summer = 1_792_926_000.0  # 2026-10-25 12:00 in Berlin
    judge = Change(Bar(0), window=MINUTE, days=days, zone=ZoneInfo("Europe/Berlin"))
    track = Track.of([(end_of_summer, 30), (end_of_summer - hours * HOUR, 10)])

    assert judge.measure(Heard(track), np.array([end_of_summer]))[0] == 200


def test_silence_counts_from_the_last_sample_and_not_before_the_metric_was_known():
    judge = Absence(Bar(3 * MINUTE, touching=True))

    assert said(judge, minutely(1, 1, None, None, None, None, 1), minutes=7) == [
        (4, "firing"), (6, "ok"),
    ]  # fmt: skip
    assert said(judge, Track(), minutes=5) == [(3, "firing")]
    assert said(judge, Track(), minutes=5, born=START + 4 * MINUTE) == [(0, "no-data"), (4, "ok")]


@pytest.mark.parametrize(
    ("kind", "params", "field"),
    [
        (Threshold, {"limit": "9"}, "limit"),
        (Threshold, {"limit": True}, "limit"),
        (Threshold, {"limit": math.inf}, "limit"),
        (Threshold, {"limit": 9, "clear": 10}, "clear"),
        (Threshold, {"limit": 9, "clear": 8, "above": False}, "clear"),
        (Threshold, {"limit": 9, "window": 0}, "window"),
        (Threshold, {"limit": 9, "aggregate": "median"}, "aggregate"),
        (Threshold, {"limit": 9, "percentile": 101}, "percentile"),
        (Change, {"limit": 9, "than": "tomorrow"}, "than"),
        (Absence, {"limit": -1}, "limit"),
        (Ratio, {"limit": 5}, "against"),
        (Ratio, {"limit": 5, "against": "a", "least": -1}, "least"),
        (Composite, {"rules": []}, "rules"),
        (Composite, {"rules": ["1"]}, "rules"),
        (Composite, {"rules": [1], "need": "most"}, "need"),
        (Composite, {"rules": [1], "need": "least", "least": 2}, "least"),
        (Composite, {"rules": [1], "unless": [1]}, "unless"),
    ],
)
def test_parameters_that_mean_nothing_are_refused_by_name(kind, params, field):
    with pytest.raises(BadRule) as refused:
        kind.read(params)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{name}: {value} > {threshold}", "CPU: 97.5 > 90"),
        ("{labels.host} {labels.none}", "db-1 –"),
        ("{labels.check} {labels.instance} {labels.mount}", "db-1 db-1 –"),
        ("{value.__class__} {0} {settings} {{name}}", "{value.__class__} {0} {settings} {CPU}"),
    ],
)
def test_only_placeholders_are_filled(template, text):
    facts = {"name": "CPU", "value": "97.5", "threshold": "90"}

    assert filled(template, facts, {"host": "db-1"}) == text


def test_placeholders_nobody_fills_are_found():
    assert strangers("{name} {nome} {labels.x}") == ["nome"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(97.53, "97.5"), (1234.5, "1,234"), (3, "3"), (0.01234, "0.0123"), (math.nan, "–")],
)
def test_figures_are_short(value, text):
    assert figure(value) == text


numbers = st.integers(-5, 5).map(float)
tracks = st.lists(st.tuples(st.integers(0, 1200), numbers), max_size=60).map(
    lambda rows: Track.of([(START + second, value) for second, value in rows])
)
judges = st.one_of(
    st.builds(
        Threshold, st.builds(Bar, numbers, st.booleans()), window=st.sampled_from([20.0, 60.0, 300.0]),
        aggregate=st.sampled_from(["last", "mean", "max", "min", "sum", "percentile"]),
    ),
    st.builds(Rate, st.builds(Bar, numbers), window=st.just(120.0), counter=st.booleans()),
    st.builds(lambda limit: Absence(Bar(limit, touching=True)), st.sampled_from([30.0, 90.0])),
)  # fmt: skip
lastings = st.builds(
    Lasting, st.sampled_from([0.0, 30.0, 60.0]), st.sampled_from([0.0, 45.0]), st.just(300.0)
)


@given(judges, lastings, tracks, st.lists(st.integers(0, 80), max_size=6))
def test_judged_in_pieces_it_says_what_it_says_in_one(judge, lasting, track, cuts):
    """The tick goes piece by piece, the preview in one."""
    heard, end = Heard(track, born=START + 100), START + 1215
    whole = judged(judge, lasting, heard, grid(START - 1, end, 15))

    stance, changes = ANEW, []
    edges = [START - 1, *(START + 15 * cut for cut in sorted(cuts)), end]
    for after, until in pairwise(edges):
        moments = grid(after, until, 15)
        if not len(moments):
            continue
        back = max(need.back for need in judge.needs)
        near = [
            row for row in zip(track.at, track.values, strict=True) if row[0] > moments[0] - back
        ]
        piece = judged(judge, lasting, Heard(Track.of(near), born=heard.born), moments, stance)
        changes += piece.changes
        stance = piece.stance

    assert [(one.at, one.stance) for one in changes] == [(o.at, o.stance) for o in whole.changes]
    assert stance == whole.stance


@given(judges, lastings, tracks)
def test_a_rule_fires_only_when_its_value_was_over_the_bar_for_so_long(judge, lasting, track):
    heard = Heard(track, born=START)
    course = judged(judge, lasting, heard, grid(START - 1, START + 1215, 15))

    for one in course.firings:
        while_over = (course.moments >= one.fired_at - lasting.over) & (
            course.moments <= one.fired_at
        )
        assert set(judge.bar.grades(course.values[while_over]).tolist()) == {3}


@pytest.mark.parametrize(
    ("failed", "asked", "params", "percent"),
    [
        ([0, 1, 2], [[0, 10, 20]], {}, 10),
        ([5, 6, 2], [[90, 100, 10]], {}, 100 * 3 / 20),  # both began again
        ([0, 1, 2], [[0, 10, 20], [0, 30, 60]], {}, 2.5),  # of all that belong to it
        ([0, 0, 0], [[7, 7, 7]], {}, None),  # nobody asked
        ([0, 1, 2], [[0, 1, 2]], {"least": 3}, None),  # too few to say
        ([0, 1, 2], [[]], {}, None),
        ([0, 1, 2], [], {}, None),
        ([30, 30, 30], [[40, 40, 40]], {"counter": False}, 75),
    ],
)
def test_a_share_of_another_metric(failed, asked, params, percent):
    judge = Ratio.read({"limit": 5, "against": "asked"} | params)
    heard = Heard(minutely(*failed), [minutely(*one) for one in asked])

    (value,) = judge.measure(heard, np.array([START + 2 * MINUTE]))

    assert value == pytest.approx(percent) if percent is not None else math.isnan(value)


@pytest.mark.parametrize(
    ("window", "expected"),
    [(0, [0, 0.6, 0.6, 0, 0, 0.9]), (2 * MINUTE, [0, 0.6, 0.6, 0.6, 0.6, 0.9])],
)
def test_how_strange_it_is_or_was_shortly_before(window, expected):
    track = Track.of([(START + MINUTE, 0.6), (START + 3 * MINUTE, 0), (START + 5 * MINUTE, 0.9)])
    moments = START + np.arange(6) * MINUTE

    values = Strange.read({"limit": 0.6, "window": window}).measure(Heard(track), moments)

    assert values.tolist() == expected


@pytest.mark.parametrize(
    ("labels", "by", "found"),
    [
        ({"svc": "a", "code": "500"}, [], [0, 2]),  # code is no label of theirs
        ({"svc": "b"}, [], [1]),
        ({"svc": "c"}, [], []),
        ({"code": "500"}, [], [0, 1, 2]),  # nothing shared, nothing contradicts
        ({"svc": "a", "zone": "y"}, [], [0]),
        ({"svc": "a", "zone": "y"}, ["svc"], [0, 2]),
        ({"svc": "a"}, ["zone"], [0, 1]),
    ],
)
def test_which_metrics_belong_together(labels, by, found):
    theirs = [{"svc": "a"}, {"svc": "b"}, {"svc": "a", "zone": "z"}]

    assert sorted(Partners(theirs, by).of(labels)) == found


@pytest.mark.parametrize(
    ("params", "firing", "expected"),
    [
        ({"need": "all"}, [1, 1, 1], True),
        ({"need": "all"}, [1, 0, 1], False),
        ({"need": "any"}, [0, 0, 1], True),
        ({"need": "any"}, [0, 0, 0], False),
        ({"need": "least", "least": 2}, [5, 0, 1], True),
        ({"need": "least", "least": 2}, [5, 0, 0], False),  # five targets are one rule
        ({"need": "any", "unless": [9]}, [1, 0, 0, 0], True),
        ({"need": "any", "unless": [9]}, [1, 1, 1, 2], False),
    ],
)
def test_several_rules_together(params, firing, expected):
    judge = Composite.read({"rules": [1, 2, 3]} | params)
    heard = Heard(Track(), [Track.of([(START, n)]) for n in firing])

    grades = judge.bar.grades(judge.measure(heard, np.array([START + 1, START + 2])))

    assert (grades == Grade.OVER).tolist() == [expected, expected]


def test_how_many_targets_of_a_rule_fire_at_each_moment():
    judge, moments = last_minute(), grid(START - 1, START + 5 * MINUTE, 15)
    tracks = [minutely(50, 95, 95, 50, 50), minutely(50, 50, 95, 95, 50)]
    courses = [judged(judge, AT_ONCE, Heard(track), moments) for track in tracks]

    track = together(courses, START - 1)

    assert [(at - START) / MINUTE for at in track.at[1:]] == [1, 2, 3, 4]
    assert track.values.tolist() == [0, 1, 2, 1, 0]


@pytest.mark.parametrize(
    ("members", "is_cycle"),
    [({1: {2}}, False), ({1: {1}}, True), ({1: {2}, 2: {3}, 3: {1}}, True), ({1: {2, 3}, 2: {3}}, False),
     ({1: {2}, 2: {3}, 3: {2}}, False)],
)  # fmt: skip
def test_a_rule_must_not_ask_for_itself(members, is_cycle):
    assert cycle(1, members) is is_cycle


def test_a_rule_that_flaps_for_a_week_is_drawn_with_no_more_marks_than_a_screen_has():
    judge = Threshold(Bar(90), window=MINUTE)
    course = judged(
        judge, AT_ONCE, Heard(minutely(*[95, 50] * 5000)), grid(START - 1, START + 7 * DAY, 15)
    )

    drawn = chart(course, judge.bar, START, START + 7 * DAY)

    assert len(course.firings) == 5000
    assert 0 < len(drawn.firing) < 400
    assert drawn.line.count(" ") < 1500
    assert (drawn.low, drawn.high) == (50, 95)


def test_an_empty_past_is_drawn_too():
    course = judged(last_minute(), AT_ONCE, Heard(Track()), grid(START, START + HOUR, 15))

    drawn = chart(course, Bar(90), START, START + HOUR)

    assert (drawn.line, drawn.low) == ("", None)
    assert len(drawn.silent) == 1


@given(judges, lastings, tracks)
def test_what_is_skipped_while_nothing_changes_would_have_changed_nothing(judge, lasting, track):
    heard, moments = Heard(track, born=START), grid(START - 1, START + 2400, 15)

    stance, changes = ANEW, []
    grades = judge.bar.grades(judge.measure(heard, moments)).tolist()
    for at, grade in zip(moments.tolist(), grades, strict=True):
        after = advance(stance, Grade(grade), at, lasting)
        if after != stance:
            changes.append((at, after))
        stance = after

    course = judged(judge, lasting, heard, moments)
    assert [(one.at, one.stance) for one in course.changes] == changes


def test_the_samples_of_many_metrics_stand_on_one_shelf():
    shelf = Shelf.of([(3, 10, 1.0), (3, 20, 2.0), (3, 20, 9.0), (7, 20, 3.0)])

    found = {name: shelf.track(name) for name in (2, 3, 5, 7, 9)}

    assert {name: (one.at.tolist(), one.values.tolist()) for name, one in found.items()} == {
        2: ([], []), 3: ([10, 20], [1, 2]), 5: ([], []), 7: ([20], [3]), 9: ([], []),
    }  # fmt: skip
    first, last = shelf.tracks([7, 5, 3]).windows(np.array([15.0, 20.0]), 5)
    assert (last - first).tolist() == [0, 1, 0, 0, 0, 1]
    assert not len(Shelf.of([]).tracks([]).windows(np.array([15.0]), 5)[0])


stances = st.one_of(
    st.none(),
    st.builds(Stance, st.just(State.PENDING), st.just(START - 30)),
    st.builds(
        Stance, st.sampled_from([State.FIRING, State.NO_DATA]), st.just(START - 30),
        st.just(START - 90),
    ),
    st.builds(Stance, st.just(State.NO_DATA), st.just(START - 30)),
)  # fmt: skip
strangers_too = st.one_of(judges, st.just(Strange(Bar(0.5, touching=True), 60.0)))


@given(
    strangers_too, lastings, st.lists(st.tuples(tracks, stances), max_size=5), st.integers(1, 80)
)
def test_of_many_at_once_it_says_what_it_says_of_each(judge, lasting, targets, count):
    """The tick asks many, the preview one by one."""
    moments = grid(START + 600 - 15 * count, START + 600, 15)
    rows = [
        (name, *row)
        for name, (track, _) in enumerate(targets)
        for row in zip(track.at, track.values, strict=True)
    ]
    known = {place: stance for place, (_, stance) in enumerate(targets) if stance}
    born = np.array([START + 100.0 * place for place in range(len(targets))])
    crowd = Heard(Shelf.of(rows).tracks(range(len(targets))), born=born)

    found = dict(all_judged(judge, lasting, crowd, moments, known))

    for place, (track, stance) in enumerate(targets):
        alone = judged(judge, lasting, Heard(track, born=born[place]), moments, stance or ANEW)
        if place in found:
            assert repr(found[place].changes) == repr(alone.changes)  # one NaN is like another
            np.testing.assert_array_equal(found[place].values, alone.values)
        else:
            assert alone.changes == []
            assert stance is None
