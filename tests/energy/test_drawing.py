"""The gauge and the course as geometry."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags.bongsu import trx
from energy.domain.forecast import Burned
from energy.queries import Bucket
from energy.screens.course import HEIGHT, course, length_since
from energy.screens.gauge import gauge
from energy.templatetags.energy import percent

NOW = datetime(2026, 3, 2, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = [(5, "5 %", "p1"), (1, "1 %", "p0")]


def drawn(**more):
    usual = {
        "at": NOW, "length": 6 * HOUR, "zone": ZoneInfo("Asia/Seoul"), "percent": 40.0,
        "runways": (2 * HOUR, HOUR), "limits": LIMITS,
    }  # fmt: skip
    bucket = Bucket(NOW - HOUR, 50, 55, 60, Burned(NOW, 65_000, 30))
    return course([bucket], **usual | more)


def test_half_left_fills_half_the_arc():
    half = gauge(50, [(0, 1, "p0"), (1, 5, "p1")])

    assert half.level.endswith("188.0 28.0")  # straight up
    assert [name for *_, name, _tone in half.names] == ["1 %", "5 %"]


@pytest.mark.parametrize("unknown", [None, 0])
def test_nothing_left_and_nothing_known_have_no_level(unknown):
    assert gauge(unknown, []).level == ""


@given(st.floats(0, 100))
def test_the_level_stays_within_the_picture(left):
    level = gauge(left, [(0, 5, "p1")]).level

    numbers = [float(part) for part in level.replace("M", " ").replace("A", " ").split()]
    assert all(0 <= number <= 376 for number in numbers)


def test_the_forecast_leads_to_the_floor_when_it_is_used_up():
    ahead = drawn(runways=(HOUR, HOUR)).ahead

    assert ahead.endswith(f"{HEIGHT}")


def test_without_a_runway_nothing_is_foretold():
    assert (drawn(runways=(None, None)).ahead, drawn(runways=(None, None)).cone) == ("", "")
    assert drawn(percent=None).dot is None


def test_labels_of_the_limits_stand_clear_of_each_other():
    (_, low, *_), (_, high, *_) = drawn().limits

    assert low - high >= 14


def test_an_hour_old_wallet_is_shown_over_hours():
    assert length_since(None, at=NOW) == HOUR
    assert length_since(NOW - 2 * HOUR, at=NOW) == 6 * HOUR
    assert length_since(NOW - 200 * HOUR, at=NOW) == 24 * HOUR


@pytest.mark.parametrize(
    ("sun", "shown"),
    [(0, "0"), (1, "0.000001"), (6_500_000, "6.5"), (12_400_000_000, "12,400"), (-1_500_000, "−1.5")],
)  # fmt: skip
def test_sun_is_shown_as_trx(sun, shown):
    assert trx(sun) == f"{shown}\N{NO-BREAK SPACE}TRX"


def test_a_percentage_is_never_rounded_up_over_a_boundary():
    assert (percent(4.99), percent(0.999), percent(None)) == ("4.9", "0.9", "–")
