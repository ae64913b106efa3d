import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbooks.domain.runs import NEXT, Row, RunState, State, Tree, after_loss

P, R, W, D, F, U, S, C = (
    State.PENDING, State.RUNNING, State.WAITING, State.DONE, State.FAILED, State.UNKNOWN,
    State.SKIPPED, State.CANCELLED,
)  # fmt: skip


def row(path, state=P, **more):
    return Row(tuple(path.split("/")), state, **more)


def ready(*rows):
    return ["/".join(one.path) for one in Tree(rows).ready()]


@pytest.mark.parametrize(
    ("states", "next_ones", "run"),
    [
        ([P, P], ["1"], RunState.RUNNING),
        ([R, P], [], RunState.RUNNING),
        ([D, P], ["2"], RunState.RUNNING),
        ([S, P], ["2"], RunState.RUNNING),
        ([W, P], [], RunState.RUNNING),
        ([F, P], [], RunState.STOPPED),
        ([U, P], [], RunState.STOPPED),
        ([D, D], [], RunState.DONE),
        ([D, S], [], RunState.DONE),
        ([D, C], [], RunState.ABORTED),
        ([], [], RunState.DONE),
    ],
)
def test_one_step_follows_the_other(states, next_ones, run):
    rows = [row(str(number), state) for number, state in enumerate(states, start=1)]
    assert ready(*rows) == next_ones
    assert Tree(rows).run() is run


def test_a_failure_that_may_be_passed_stops_nothing():
    rows = [row("1", F, keep_going=True), row("2")]
    assert ready(*rows) == ["2"]
    assert Tree([rows[0], row("2", D)]).run() is RunState.DONE


def test_what_is_unknown_is_never_passed():
    rows = [row("1", U, keep_going=True), row("2")]
    assert ready(*rows) == []
    assert Tree(rows).run() is RunState.STOPPED


def lanes(at_once, **states):
    """Step 1 for each of several items, two steps each, and a step after it."""
    yield row("1", holds=True, at_once=at_once)
    for item, (first, second) in states.items():
        yield row(f"1/{item}/1", first)
        yield row(f"1/{item}/2", second)
    yield row("2")


@pytest.mark.parametrize(
    ("at_once", "states", "next_ones"),
    [
        (1, {"a": (P, P), "b": (P, P)}, ["1/a/1"]),
        (2, {"a": (P, P), "b": (P, P), "c": (P, P)}, ["1/a/1", "1/b/1"]),
        (1, {"a": (D, P), "b": (P, P)}, ["1/a/2"]),
        (2, {"a": (D, R), "b": (P, P)}, ["1/b/1"]),
        (1, {"a": (D, D), "b": (P, P)}, ["1/b/1"]),
        (1, {"a": (F, P), "b": (P, P)}, []),  # after a failure none begins
        (2, {"a": (F, P), "b": (D, P), "c": (P, P)}, ["1/b/2"]),  # but what has begun goes on
        (2, {"a": (W, P), "b": (P, P), "c": (P, P)}, ["1/b/1"]),  # who waits has a place
        (1, {"a": (D, D), "b": (D, D)}, ["2"]),
    ],
)
def test_lanes_go_on_side_by_side_as_many_as_may(at_once, states, next_ones):
    assert ready(*lanes(at_once, **states)) == next_ones


def test_a_stuck_lane_stops_the_run_only_when_the_others_are_through():
    assert Tree(lanes(2, a=(F, P), b=(D, R))).run() is RunState.RUNNING
    assert Tree(lanes(2, a=(F, P), b=(D, D))).run() is RunState.STOPPED


BEGUN = [(R, P), (W, P), (D, P), (S, P), (D, R)]
PAIRS = [(P, P), (F, P), (U, P), (D, F), (D, D), *BEGUN]


@given(st.lists(st.sampled_from(PAIRS), min_size=1, max_size=6), st.integers(1, 4))
def test_never_more_lanes_than_may_be(states, at_once):
    named = {f"h{number}": pair for number, pair in enumerate(states)}
    moving = {item for item, pair in named.items() if pair in BEGUN}
    begun = {one.path[1] for one in Tree(lanes(at_once, **named)).ready() if len(one.path) > 1}
    assert len(begun - moving) <= max(0, at_once - len(moving))


def test_what_is_over_never_changes():
    assert not NEXT[D] | NEXT[S] | NEXT[C]


def test_only_what_does_no_harm_begins_again_after_a_death():
    assert after_loss(repeatable=True) is P
    assert after_loss(repeatable=False) is U


def test_a_lane_whose_first_step_waits_for_something_goes_on_beside_one_that_is_stuck():
    rows = [
        row("1", holds=True, at_once=2),
        row("1/a/1", P, begun=True),
        row("1/b/1", F),
        row("1/c/1", P),
    ]
    assert ready(*rows) == ["1/a/1"]
    assert Tree(rows).run() is RunState.RUNNING
