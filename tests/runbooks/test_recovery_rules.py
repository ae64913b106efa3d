from datetime import timedelta

import pytest
from django.utils.translation import override

from runbooks.domain.recovery import Differs, differing, least_rows, room_for, size, span
from runbooks.domain.writing import Wrong


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("none", {}),
        ("users=1000", {"public.users": 1000}),
        ("users=1,ledger.entries=0", {"public.users": 1, "ledger.entries": 0}),
    ],
)
def test_bounds_are_read(given, found):
    assert least_rows(given) == found


@pytest.mark.parametrize("given", ["", "users", "users=-1", "users=1,", "1=1", "us ers=1"])
def test_bounds_that_are_none_are_refused(given):
    with pytest.raises(Wrong):
        least_rows(given)


def test_what_differs_is_named_by_the_record_and_by_the_bounds():
    recorded, found = {"a": 5, "b": 7, "c": 1}, {"a": 5, "b": 6}
    assert differing(recorded, found, {"a": 6, "d": 1, "b": 6}) == [
        Differs("b", 6, 7),
        Differs("c", 0, 1),
        Differs("a", 5, 6, bound=True),
        Differs("d", 0, 1, bound=True),
    ]


@pytest.mark.parametrize(
    ("recorded", "live", "dump", "needed"),
    [(100, 9, 50, 110), (0, 200, 50, 220), (0, 0, 50, 55), (0, 10, 50, 55)],
)
def test_the_room_that_it_takes_is_told_by_the_best_that_is_known(recorded, live, dump, needed):
    assert room_for(recorded, live, dump) == needed


@pytest.mark.parametrize(
    ("count", "told"),
    [(7, "7 B"), (1_500, "1.5 kB"), (2 * 10**9, "2.0 GB"), (10**13, "10,000.0 GB")],
)
def test_a_size_is_told_in_its_unit(count, told):
    assert size(count) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (-3, "0 s"),
        (12.9, "12 s"),
        (192, "3 min 12 s"),
        (14_400, "4 h"),
        (14_460, "4 h 1 min"),
        (3_605, "1 h"),
    ],
)
def test_a_time_is_told_in_its_two_greatest_units(seconds, told):
    with override("en"):
        assert str(span(timedelta(seconds=seconds))) == told


def test_a_time_is_told_in_korean():
    with override("ko"):
        assert str(span(timedelta(seconds=192))) == "3분 12초"
