"""One contract for every market: each is met over a socket, at a sandbox that really delegates."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from energy.domain.market import OrderState, RateLimited, Rejected, Unknown, recover
from energy.registry import providers
from tests.sandbox.conftest import running_sandbox  # noqa: F401 - a fixture

ENERGY, HOUR, MUCH = 100_000, 3600, 100_000_000


class Place:
    """A market of the sandbox, and the chain it sells on."""

    def __init__(self, sandbox, name):
        self.http, self.name = sandbox.http, name
        self.provider = providers[name]

    def break_(self, fault, **options):
        wish = {"name": fault, "count": 1, **options}
        self.http.post(f"/markets/{self.name}/faults", json=wish).raise_for_status()

    def sales(self):
        return self.http.get(f"/markets/{self.name}/book.json").json()["sales"]

    def wallet(self):
        return self.http.get("/chain.json").json()["accounts"]["hot"]

    def quote(self, energy=ENERGY):
        return self.provider.quote(self.wallet()["address"], energy, HOUR)

    def buy(self, key="bongsu-1"):
        return self.provider.buy(self.quote(), key, MUCH)

    def recovered(self, key="bongsu-1"):
        since = timezone.now()
        return recover(self.provider, self.quote(), key, max_total_sun=MUCH, since=since)


@pytest.fixture(params=["catfee", "tronsave", "tronzap"])
def market(request, running_sandbox, settings):  # noqa: F811 - the fixture
    for name in providers:
        setattr(settings, f"{name.upper()}_URL", f"{running_sandbox.url}/markets/{name}")
        running_sandbox.http.delete(f"/markets/{name}/faults").raise_for_status()
        running_sandbox.http.delete(f"/markets/{name}/book.json").raise_for_status()
    settings.MARKET_TIMEOUT = 3
    running_sandbox.http.post("/chain/reset", json={}).raise_for_status()
    return Place(running_sandbox, request.param)


def test_every_market_is_under_this_contract():
    assert list(providers) == ["catfee", "tronsave", "tronzap"]


def test_a_purchase_costs_what_was_quoted_and_raises_the_limit_on_the_chain(market):
    before, funds = market.wallet()["limit"], market.provider.balance()
    quote = market.quote()

    order = market.provider.status(market.provider.buy(quote, "bongsu-1", quote.total_sun))

    assert (order.state, order.energy, order.paid_sun) == (
        OrderState.ACTIVE,
        ENERGY,
        quote.total_sun,
    )
    assert market.provider.balance() == funds - quote.total_sun
    assert market.wallet()["limit"] >= before + ENERGY * 95 // 100
    assert len(order.delegate_txids) == 1


def test_nothing_is_sent_for_a_price_above_the_limit(market):
    market.break_("dear", count=0)
    quote = market.quote()

    with pytest.raises(Rejected):
        market.provider.buy(quote, "bongsu-1", quote.total_sun - 1)

    assert market.sales() == []


def test_what_a_market_does_not_sell_is_refused_before_it_is_asked(market):
    with pytest.raises(Rejected):
        market.quote(energy=market.provider.min_energy - 1)
    if market.provider.durations is not None:
        with pytest.raises(Rejected):
            market.provider.quote(market.wallet()["address"], ENERGY, 1234)


@pytest.mark.parametrize("fault", ["hang", "lose_reply", "breaks_after", "garbage"])
def test_a_purchase_without_an_answer_is_unknown_and_found_again_and_never_bought_twice(
    market, fault
):
    quote = market.quote()
    market.break_(fault)
    with pytest.raises(Unknown):
        market.provider.buy(quote, "bongsu-1", MUCH)

    found = market.recovered()

    (sale,) = market.sales()
    assert found is not None
    assert found.order_id == sale["id"]
    assert market.provider.status(found).state is OrderState.ACTIVE


def test_a_purchase_that_was_refused_is_nowhere(market):
    quote = market.quote()
    market.break_("rejected")

    with pytest.raises(Rejected):
        market.provider.buy(quote, "bongsu-1", MUCH)

    assert market.sales() == []
    if market.provider.idempotency == "lookup":
        assert market.recovered() is None


def test_an_order_of_somebody_else_is_not_taken_for_ours(market):
    if market.provider.idempotency != "lookup":
        return  # it knows our keys
    market.buy("bongsu-1")
    quote = replace(market.quote(), energy=ENERGY + 1)

    assert market.provider.find("bongsu-2", quote=quote, since=timezone.now()) is None


def test_an_order_from_before_the_intent_is_not_taken_for_it(market):
    if market.provider.idempotency != "lookup":
        return  # it knows our keys
    market.buy("bongsu-1")
    later = timezone.now() + timedelta(minutes=5)

    assert market.provider.find("bongsu-2", quote=market.quote(), since=later) is None


def test_a_server_error_may_have_bought(market):
    quote = market.quote()
    market.break_("unavailable")

    with pytest.raises(Unknown):
        market.provider.buy(quote, "bongsu-1", MUCH)


def test_who_asks_too_often_is_told_how_long_to_wait(market):
    quote = market.quote()
    market.break_("limited", retry_after=7)

    with pytest.raises(RateLimited) as limited:
        market.provider.buy(quote, "bongsu-1", MUCH)

    assert limited.value.retry_after == 7
    assert market.sales() == []


def test_a_quote_that_fails_spends_nothing_and_is_no_unknown(market):
    market.break_("unavailable")

    with pytest.raises(Rejected):
        market.quote()


def test_a_look_that_fails_proves_nothing(market):
    ref = market.buy()
    market.break_("unavailable")

    with pytest.raises(Unknown):
        market.provider.status(ref)


def test_a_market_may_claim_what_the_chain_does_not_show(market):
    before = market.wallet()["limit"]
    market.break_("undelivered")

    order = market.provider.status(market.buy())

    assert order.state is OrderState.ACTIVE
    assert market.wallet()["limit"] == before


def test_half_an_order_is_not_an_active_one(market):
    market.break_("partial")

    order = market.provider.status(market.buy())

    assert order.state in {OrderState.PARTIAL, OrderState.PENDING}
    assert order.energy < ENERGY


def test_a_wrong_secret_is_a_refusal(market, settings):
    settings.TRONSAVE_API_KEY = ""
    settings.CATFEE_SECRET = settings.TRONZAP_SECRET = "wrong"

    with pytest.raises(Rejected):
        market.quote()


def test_a_market_that_is_not_there_bought_nothing(market, settings):
    quote = market.quote()
    for name in providers:
        setattr(settings, f"{name.upper()}_URL", "http://127.0.0.1:9")

    with pytest.raises(Rejected):
        market.provider.buy(quote, "bongsu-1", MUCH)
