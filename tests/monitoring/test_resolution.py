from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.partitions import Length
from monitoring.domain.resolution import DAY, EPOCH, LADDER, Resolution, due, floor, reading
from monitoring.screens import explore, hosts, metric

NOW = datetime(2026, 11, 28, 12, 34, tzinfo=UTC)
KEPT = {
    Resolution.RAW: timedelta(days=14),
    Resolution.FIVE_MINUTES: timedelta(days=90),
    Resolution.HOUR: timedelta(days=730),
    Resolution.DAY: None,
}


def read(span, *, ago=timedelta(0), points=1000):
    until = NOW - ago
    return reading(until - span, until, points=points, at=NOW, kept=KEPT)


@pytest.mark.parametrize(
    ("span", "resolution", "step"),
    [
        (timedelta(minutes=10), "raw", timedelta(seconds=1)),
        (timedelta(hours=1), "raw", timedelta(seconds=5)),
        (timedelta(hours=5), "raw", timedelta(seconds=20)),
        (timedelta(hours=16), "raw", timedelta(seconds=60)),
        (timedelta(days=1), "5m", timedelta(minutes=5)),
        (timedelta(days=7), "5m", timedelta(minutes=15)),
        (timedelta(days=20), "5m", timedelta(minutes=30)),
        (timedelta(days=30), "1h", timedelta(hours=1)),
        (timedelta(days=365), "1h", timedelta(hours=12)),
        (timedelta(days=800), "1d", timedelta(days=1)),
        (timedelta(days=3650), "1d", timedelta(days=7)),
    ],
)
def test_a_longer_time_is_read_in_a_coarser_size(span, resolution, step):
    found = read(span)

    assert (found.resolution, found.step) == (resolution, step)


@pytest.mark.parametrize(
    ("ago", "resolution"),
    [
        (timedelta(days=13), "raw"),
        (timedelta(days=14), "5m"),
        (timedelta(days=91), "1h"),
        (timedelta(days=731), "1d"),
    ],
)
def test_what_is_no_longer_kept_is_read_in_what_is(ago, resolution):
    assert read(timedelta(hours=1), ago=ago).resolution == resolution


@pytest.mark.parametrize(
    ("points", "least"), [(hosts.POINTS, 120), (metric.POINTS, 280), (explore.POINTS, 280)]
)
@pytest.mark.parametrize("days", [1, 7, 30, 365])
def test_what_pages_offer_has_hundreds_of_points(days, points, least):
    found = read(timedelta(days=days), points=points)

    assert least <= timedelta(days=days) / found.step < points


def test_bins_begin_with_the_day_and_hold_whole_buckets():
    assert all(
        not DAY % step and not step % (resolution.size or step)
        for resolution, step in LADDER
        if step <= DAY
    )


@given(
    st.timedeltas(timedelta(seconds=1), timedelta(days=20_000)),
    st.timedeltas(timedelta(0), timedelta(days=5_000)),
    st.integers(60, 1000),
)
def test_there_are_never_more_points_than_asked_for(span, ago, points):
    found = read(span, ago=ago, points=points)
    until, since = NOW - ago, NOW - ago - span

    assert found.start <= since
    assert (until - found.start) / found.step <= points


def test_days_are_those_of_utc_and_have_all_their_hours():
    clocks_change = datetime.fromisoformat("2026-03-29T03:30:00+02:00")

    assert floor(clocks_change, timedelta(days=1)) == datetime(2026, 3, 29, tzinfo=UTC)


def test_five_minutes_are_due_when_they_are_over_and_late_ones_at_once():
    bucket = floor(NOW, timedelta(minutes=5), EPOCH)

    assert due(bucket, NOW) == bucket + timedelta(minutes=5, seconds=30)
    assert due(bucket - timedelta(days=1), NOW) == NOW


@pytest.mark.parametrize(
    ("length", "name", "start", "end"),
    [
        (Length.DAY, "t_20261231", "2026-12-31", "2027-01-01"),
        (Length.MONTH, "t_202612", "2026-12-01", "2027-01-01"),
        (Length.YEAR, "t_2026", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_part_knows_its_name_and_its_bounds(length, name, start, end):
    part = length.part("t", datetime.fromisoformat("2027-01-01T08:59:59+09:00"))

    assert part.name == name
    assert [f"{moment:%Y-%m-%d}" for moment in (part.start, part.end)] == [start, end]
    assert length.named("t", name) == part


@pytest.mark.parametrize("name", ["t", "t_", "t_2026113", "t_20261301", "t_20261128_old", "other"])
def test_what_is_not_named_like_a_part_is_none_of_ours(name):
    assert Length.DAY.named("t", name) is None
