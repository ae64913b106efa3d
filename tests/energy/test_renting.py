"""Rented energy goes again: it is counted ahead, told in time when too little stays, and said on the page."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from energy import services
from energy.domain.forecast import Ending, left_by, runway, without
from energy.domain.recovery import DAY, Usage
from energy.domain.renting import outlook
from energy.domain.states import Level, Thresholds
from energy.models import Purchase, Reading, Wallet
from integrations.tron import SUN
from monitoring.models import Alert
from runbooks.models import Limits
from sandbox.chain import cast
from teams.models import User
from tests.energy.test_actions import begun, order, over
from tests.energy.test_recovery import LIMIT, Living
from tests.energy.ticks import watch

HOUR = 3600


@pytest.mark.parametrize("hours", [1, 3])
@pytest.mark.parametrize("a_day", [3, 6])
def test_the_runway_counts_the_end_of_a_rental_as_the_chain_does(a_day: float, hours: int) -> None:
    wallet = Living()
    until = wallet.at + hours * HOUR * 1000
    rented = wallet.limit
    wallet.chain.rent(cast.address(cast.MARKET), wallet.address, rented, until=until)
    load = [round(wallet.limit * a_day / 1440)]

    told = runway(wallet.usage, wallet.limit, load[0] * 60, [Ending(hours * HOUR, rented)])
    without_it = runway(wallet.usage, wallet.limit, load[0] * 60)
    exact = wallet.live(load, 48 * 60)

    assert told is not None
    assert without_it is not None
    assert told.total_seconds() == pytest.approx(exact, rel=0.05)
    assert without_it > told


def test_what_is_steady_now_is_not_when_the_rental_has_gone() -> None:
    """A load of 1.8 limits a day lasts for ever, and of 3.6 halves of it does not."""
    load = LIMIT * 1.8 / 24
    assert runway(Usage(0), LIMIT, load) is None
    assert runway(Usage(0), LIMIT, load, [Ending(10 * HOUR, LIMIT // 2)]) is not None


def test_a_part_of_what_is_used_goes_with_it() -> None:
    usage, limit = without(Usage(6_000_000, DAY), 10_000_000, 4_000_000)
    assert (usage.used, limit) == (pytest.approx(3_600_000), 6_000_000)
    assert without(Usage(5, DAY), 0, 9) == (Usage(5, DAY), 0)


@given(
    st.floats(0, 1e8), st.integers(0, 10**8), st.floats(0, 1e8),
    st.lists(st.builds(Ending, st.floats(0, 2 * DAY), st.integers(0, 10**8)), max_size=4),
    st.floats(0, DAY),
)  # fmt: skip
def test_what_is_left_is_never_below_nothing_nor_above_the_limit(
    used: float, limit: int, pace: float, endings: list[Ending], seconds: float
) -> None:
    left, of = left_by(Usage(used), limit, pace, endings, seconds)
    assert 0 <= left <= of <= limit


NOTICE = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("used", "pace", "ends", "level"),
    [
        (1_000_000, 0, 600, Level.OK),
        (7_500_000, 1_000_000, 600, Level.WARNING),
        (8_700_000, 1_000_000, 600, Level.EMERGENCY),
        (9_500_000, 3_000_000, 600, Level.CRITICAL),
        (9_500_000, 3_000_000, 901, None),
    ],
)
def test_how_grave_it_is_is_what_would_be_left(used, pace, ends, level) -> None:
    going = [Ending(ends, 2_000_000)]
    found = outlook(Usage(used), LIMIT, pace, going, notice=NOTICE, thresholds=Thresholds())
    assert (found.level if found else None) is level


def test_a_limit_that_is_rented_whole_leaves_nothing() -> None:
    found = outlook(Usage(0), LIMIT, 0, [Ending(60, LIMIT)], notice=NOTICE, thresholds=Thresholds())
    assert found is not None
    assert (found.level, found.percent) == (Level.CRITICAL, 0.0)


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def renter(shop):
    """Ten minutes of four million energy, and a pace at which the rest does not do without."""
    shop.act("drain", account="hot", left_percent=45)
    action = begun(order(shop, "tronsave", energy=4_000_000, sun=400 * SUN))
    over(shop, action)
    Purchase.objects.update(seconds=600)
    watch()
    last = Reading.objects.filter(wallet=shop.hot).latest("pk")
    last.pk, last.at = None, last.at - timedelta(minutes=5)
    last.burned, last.burned_seconds = 500_000, 300.0
    last.save()
    Wallet.objects.update(runway_below=timedelta(0), worst_runway_below=timedelta(0))
    return shop


def judged():
    watch()
    services.foresee(at=clock.database_now())
    return list(Alert.objects.filter(labels__alertname="energy_rental").order_by("pk"))


def test_it_is_told_before_it_ends_and_over_when_it_is_rented_anew(renter) -> None:

    Limits.objects.update(action_cap_sun=10**15, day_cap_sun=10**15, lifetime_cap_sun=10**15)
    (alert,) = judged()
    assert (alert.severity, alert.resolved_at) == ("P1", None)
    assert alert.group == f"energy:{renter.hot.pk}"
    assert [one.pk for one in judged()] == [alert.pk], "once"

    again = begun(order(renter, "tronsave", energy=9_000_000, sun=900 * SUN, key="k2"))
    over(renter, again)
    (alert,) = judged()

    assert alert.resolved_at is not None


def test_what_suffices_without_it_is_not_told(renter) -> None:
    renter.act("rest", account="hot")
    Reading.objects.all().delete()  # and with them the pace

    assert judged() == []


def test_a_wallet_may_tell_none(renter) -> None:
    Wallet.objects.update(rental_notice=timedelta(0))
    assert judged() == []


def test_it_ends_with_the_rental_and_with_the_watching(renter) -> None:
    judged()
    Wallet.objects.filter(pk=renter.hot.pk).update(enabled=False)
    services.foresee(at=clock.database_now())
    assert Alert.objects.get(labels__alertname="energy_rental").resolved_at is not None


def test_the_page_says_until_when_and_what_is_left_then(renter, client) -> None:
    client.force_login(User.objects.get(username="commander"))

    page = client.get(
        f"/energy/{renter.hot.pk}/", headers={"Accept-Language": "en"}
    ).content.decode()

    assert "rented until" in page or "종료 시각" in page
    assert "Left when all that is rented" in page or "임대가 모두 끝난 뒤" in page
