"""What is slower than last week, and which errors are more than the weeks before explain."""

import pytest

from maintenance.domain.slowness import Work, between, is_worse, slower
from maintenance.domain.surges import surges


@pytest.mark.parametrize(
    ("before", "now", "meanwhile"),
    [
        ({}, {"a": Work(10, 50)}, {"a": Work(10, 50)}),
        ({"a": Work(10, 50)}, {"a": Work(30, 250)}, {"a": Work(20, 200)}),
        ({"a": Work(10, 50)}, {"a": Work(10, 50)}, {}),
        ({"a": Work(10, 50)}, {"a": Work(4, 20)}, {"a": Work(4, 20)}),
        ({"a": Work(10, 50)}, {}, {}),
    ],
    ids=["new", "grown", "not called", "its counter began anew", "forgotten"],
)
def test_counters_say_what_was_between(before, now, meanwhile):
    assert between(before, now) == meanwhile


@pytest.mark.parametrize(
    ("last", "this", "found"),
    [
        (Work(100, 1_000), Work(100, 2_000), True),
        (Work(100, 1_000), Work(100, 1_900), False),
        (Work(100, 100), Work(100, 400), False),
        (Work(49, 490), Work(100, 2_000), False),
        (Work(100, 1_000), Work(49, 980), False),
    ],
    ids=["twice as slow", "not twice", "nobody notices 3 ms", "too few before", "too few now"],
)
def test_a_query_is_slower_when_enough_calls_say_so(last, this, found):
    assert slower({"a": last}, {"a": this}) == (["a"] if found else [])


def test_what_costs_most_time_comes_first():
    last = {"rare": Work(100, 1_000), "often": Work(10_000, 100_000), "new": Work(0, 0)}
    this = {"rare": Work(100, 9_000), "often": Work(10_000, 250_000), "new": Work(9, 9)}
    assert slower(last, this) == ["often", "rare"]


def test_what_was_not_measured_is_not_worse():
    assert not is_worse(None, 3.0, least=0.1)
    assert not is_worse(1.0, None, least=0.1)
    assert is_worse(1.0, 3.0, least=0.1)


@pytest.mark.parametrize(
    ("count", "before", "found"),
    [
        (40, [5] * 28, True),
        (18, [5] * 28, False),
        (140, [20] * 23 + [120] * 5, False),
        (200, [20] * 23 + [120] * 5, True),
        (9, [0] * 28, False),
        (10, [0] * 28, True),
        (500, [5] * 6, False),
    ],
    ids=[
        "far above", "chance", "as at weekends", "above weekends", "a few of what never was",
        "many of what never was", "too young to say",
    ],
)  # fmt: skip
def test_errors_surge(count, before, found):
    assert surges(count, before) is found
