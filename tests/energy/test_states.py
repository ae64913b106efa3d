import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy.domain.states import (
    Level,
    Standing,
    State,
    Thresholds,
    Told,
    after_failure,
    after_reading,
    level_of,
    told_of,
)

USUAL = Thresholds()
LIMIT = 10_000_000


def percent(share: float) -> int:
    return round(LIMIT * share / 100)


def after(*shares: float, standing: Standing | None = None) -> Standing:
    found = standing or Standing()
    for share in shares:
        found = after_reading(found, percent(share), LIMIT, USUAL)
    return found


@pytest.mark.parametrize(
    ("left", "level"),
    [
        (100, Level.OK), (20, Level.OK), (19.9999, Level.WARNING), (5, Level.WARNING),
        (4.9999, Level.EMERGENCY), (1, Level.EMERGENCY), (0.9999, Level.CRITICAL),
        (0, Level.CRITICAL),
    ],
)  # fmt: skip
def test_the_boundaries_are_exact(left: float, level: Level) -> None:
    assert level_of(percent(left), LIMIT, USUAL) == level


@pytest.mark.parametrize(
    ("held", "left", "level"),
    [
        (Level.EMERGENCY, 5, Level.EMERGENCY), (Level.EMERGENCY, 7.9999, Level.EMERGENCY),
        (Level.EMERGENCY, 8, Level.WARNING), (Level.CRITICAL, 9.9999, Level.CRITICAL),
        (Level.CRITICAL, 10, Level.WARNING), (Level.WARNING, 24.9999, Level.WARNING),
        (Level.WARNING, 25, Level.OK), (Level.CRITICAL, 25, Level.OK),
    ],
)  # fmt: skip
def test_what_holds_ends_later_than_it_began(held: Level, left: float, level: Level) -> None:
    assert level_of(percent(left), LIMIT, USUAL, held) == level


def test_it_rises_at_once_and_is_confirmed_by_the_second_reading() -> None:
    once = after(50, 4)
    twice = after(4, standing=once)

    assert (once.level, once.confirmed) == (Level.EMERGENCY, Level.OK)
    assert (twice.level, twice.confirmed) == (Level.EMERGENCY, Level.EMERGENCY)


def test_two_readings_confirm_the_milder_of_them() -> None:
    assert after(4, 0.5).confirmed == Level.EMERGENCY
    assert after(4, 0.5, 0.5).confirmed == Level.CRITICAL


def test_it_falls_with_the_second_reading_in_a_row() -> None:
    assert after(4, 50).level == Level.EMERGENCY
    assert after(4, 50, 50).level == Level.OK
    assert after(4, 50, 6, 50).level == Level.EMERGENCY


def test_a_failed_measurement_changes_no_level_and_confirms_nothing() -> None:
    blind = after_failure(after(4, 4))

    assert (blind.level, blind.confirmed) == (Level.EMERGENCY, Level.OK)
    assert blind.state == State.MEASUREMENT_FAILED
    assert after(4, standing=blind).confirmed == Level.OK
    assert after(4, 4, standing=blind).confirmed == Level.EMERGENCY


def test_one_failure_is_no_alert_and_two_are_one() -> None:
    once = after_failure(after(50))

    assert told_of(once) == set()
    assert told_of(after_failure(once)) == {Told.MEASUREMENT_FAILED}
    assert told_of(after(50, standing=after_failure(once))) == set()


def test_no_capacity_is_a_state_of_its_own_and_never_nothing_left() -> None:
    none = after_reading(after(50), 0, 0, USUAL)

    assert (none.state, none.level, none.confirmed) == (State.NO_CAPACITY, Level.OK, Level.OK)
    assert told_of(none) == {Told.NO_CAPACITY}
    assert after(50, standing=none).state == State.OK


def test_a_critical_wallet_is_an_emergency_as_well() -> None:
    assert told_of(after(0)) == {Told.WARNING, Told.EMERGENCY, Told.CRITICAL}


def test_before_the_first_reading_nothing_is_known() -> None:
    assert Standing().state == State.UNKNOWN


def test_what_was_bought_and_used_up_at_once_does_not_hide_that_it_is_critical() -> None:
    assert after(0.4, 25, 0.4).confirmed == Level.CRITICAL
    assert after(0.4, 25, 25, 0.4).confirmed == Level.OK
    assert after(25, 0.4, standing=after_failure(after(0.4))).confirmed == Level.OK


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=40))
def test_what_is_confirmed_was_read_twice_among_three(shares: list[float | None]) -> None:
    standing, found = Standing(), list[Level]()
    for share in shares:
        if share is None:
            standing, found = after_failure(standing), []
            assert standing.confirmed == Level.OK
            continue
        found.append(level_of(percent(share), LIMIT, USUAL, standing.level))
        standing = after(share, standing=standing)
        assert standing.level >= level_of(percent(share), LIMIT, USUAL)
        assert standing.confirmed <= min(found[-1], max(found[-3:-1], default=Level.OK))
