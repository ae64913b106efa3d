from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.clocks import Targets, read, resolve_by, respond_by, warn_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGETS = Targets(respond_within=timedelta(minutes=15), resolve_within=timedelta(hours=2))

moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - st adds it
)  # fmt: skip


def test_people_have_their_time_from_when_they_were_told():
    assert respond_by(TARGETS, response_since=NOON) == NOON + timedelta(minutes=15)


def test_customers_wait_from_detection_on():
    assert resolve_by(TARGETS, clock_since=NOON) == NOON + timedelta(hours=2)


def test_a_clock_half_way_is_half_full_and_calm():
    reading = read(started=NOON, due=NOON + HOUR, at=NOON + HOUR / 2, warn=None)

    assert (reading.seconds_left, reading.fraction) == (1800, 50)
    assert not reading.urgent
    assert not reading.overdue


def test_a_clock_warns_before_it_breaks():
    warn = warn_at(TARGETS, since=NOON, due=NOON + HOUR)
    reading = read(started=NOON, due=NOON + HOUR, at=warn, warn=warn)

    assert warn == NOON + timedelta(minutes=45)
    assert reading.urgent
    assert not reading.overdue


def test_a_clock_is_not_overdue_at_the_very_moment_it_is_due():
    assert not read(started=NOON, due=NOON, at=NOON, warn=None).overdue
    assert read(started=NOON, due=NOON, at=NOON + timedelta(seconds=1), warn=None).overdue


def test_a_target_of_no_length_divides_by_nothing():
    assert read(started=NOON, due=NOON, at=NOON + HOUR, warn=None).fraction == 100


@given(started=moments, due=moments, at=moments)
def test_a_reading_is_always_drawable(started, due, at):
    reading = read(started=started, due=due, at=at, warn=None)

    assert 0 <= reading.fraction <= 100
    assert reading.overdue == (at > due)


@given(started=moments, at=moments, later=st.timedeltas(timedelta(0), timedelta(days=900)))
def test_time_never_gives_back(started, at, later):
    due = started + HOUR

    first, second = (
        read(started=started, due=due, at=at, warn=None),
        read(started=started, due=due, at=at + later, warn=None),
    )

    assert second.fraction >= first.fraction
    assert second.seconds_left <= first.seconds_left
