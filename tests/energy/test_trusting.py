"""A market that is set aside is asked for prices meanwhile, and a person brings it back in one press."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.errors import Refused
from energy import services
from energy.domain.trust import GOOD_QUOTES, is_good, is_suggested
from energy.models import Market, Purchase
from energy.services.trusting import EVERY, set_aside
from monitoring.models import Alert
from runbooks.domain.actions import State
from teams.models import User
from tests.energy.test_actions import begun, later, order, over
from tests.energy.ticks import watch
from tests.race import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("sun", "fee", "good"), [(1, 100, True), (100, 1, True), (101, 1, False), (0, 9, False)]
)
def test_a_good_price_is_one_that_burning_would_not_beat(sun, fee, good):
    assert is_good(sun, 100, fee_sun=fee) is good


@pytest.mark.parametrize(
    ("quotes", "owes", "suggested"),
    [(GOOD_QUOTES - 1, False, False), (GOOD_QUOTES, False, True), (99, True, False)],
)
def test_it_is_suggested_after_some_in_a_row_and_never_while_something_may_come(
    quotes, owes, suggested
):
    assert is_suggested(quotes, still_owes=owes) is suggested


@pytest.fixture
def aside(shop):
    """Catfee was paid, and nothing came."""
    shop.trouble("markets/catfee", "undelivered")
    action = begun(order(shop))
    later(action, minutes=16)
    assert over(shop, action) is State.LOST
    watch()
    return shop


def asked(times, *, begin=0):
    at = clock.database_now()
    return sum(services.ask_set_aside(at=at + EVERY * (begin + number)) for number in range(times))


def commander():
    client = Client()
    client.force_login(User.objects.get(username="commander"))
    return client


def test_the_page_says_why_and_since_when_and_suggests_it_after_good_prices(aside):
    page = commander().get("/energy/").content.decode()
    assert "catfee" in page
    assert "/energy/markets/catfee/bring-back/" not in page

    assert asked(GOOD_QUOTES) == GOOD_QUOTES

    (one,) = set_aside()
    assert (one.name, one.good_quotes, one.suggested) == ("catfee", GOOD_QUOTES, True)
    assert one.since == Purchase.objects.get().ended_at
    page = commander().get("/energy/").content.decode()
    assert "/energy/markets/catfee/bring-back/" in page
    assert len(aside.sales("catfee")) == 1, "prices were asked, and nothing bought"


def test_a_person_brings_it_back_and_it_sells_again(aside):
    asked(GOOD_QUOTES)
    client = commander()
    assert client.get("/energy/markets/catfee/bring-back/").status_code == 200
    assert Purchase.objects.owed().exists(), "looking changes nothing"

    client.post("/energy/markets/catfee/bring-back/")

    row = Purchase.objects.get()
    assert row.cleared_by.username == "commander"
    assert str(GOOD_QUOTES) in row.cleared_note
    assert not Alert.objects.open().filter(group="energy:market:catfee").exists()
    assert over(aside, begun(order(aside, key="k2"))) is State.CONFIRMED
    client.post("/energy/markets/catfee/bring-back/")  # a second press changes nothing


def test_a_dear_price_or_none_begins_the_count_anew(aside):
    asked(GOOD_QUOTES - 1)
    aside.trouble("markets/catfee", "dear", count=9)
    asked(1, begin=GOOD_QUOTES)
    aside.http.delete("/markets/catfee/faults")

    asked(GOOD_QUOTES - 1, begin=GOOD_QUOTES + 1)
    assert not set_aside()[0].suggested
    with pytest.raises(Refused):
        services.bring_back("catfee", by=User.objects.first(), at=clock.database_now())


def test_a_new_loss_begins_the_count_anew_and_one_that_may_come_is_waited_for(aside):
    asked(GOOD_QUOTES)
    row = Purchase.objects.get()
    Purchase.objects.update(ended_at=row.ended_at - timedelta(days=1))
    assert set_aside()[0].good_quotes == 0


def test_workers_at_once_count_a_price_once(aside):
    at = clock.database_now()
    at_once(*[lambda: services.ask_set_aside(at=at)] * 4)
    assert Market.objects.get().good_quotes == 1


def test_the_console_lists_it_with_why(aside):
    asked(1)
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).first())
    answer = client.get("/console/energy/market/")
    assert answer.status_code in {200, 302}
