"""What the energy pages say, and that they cost the same however many wallets there are."""

import math
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from energy.checks import holds_are_lifted
from energy.domain.forecast import Pace
from energy.domain.measuring import SUN, Failed, Fault, measure
from energy.models import ChainTransaction, Purchase, Reading, Wallet
from energy.queries import paces
from energy.services import watch
from integrations.tron import address_in_hex
from runbooks.models import Action, Limits
from runbooks.services import propose
from tests.energy.wallets import LIMIT, NOW, OTHER, hot, saying, seen

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def client(client: Client, seeded: None) -> Client:
    Wallet.objects.all().delete()  # those of the sandbox
    assert client.login(username="commander", password="commander-pass")
    return client


def history(wallet: Wallet, *, hours: int = 3, an_hour: int = 900_000, until=None) -> None:
    """A day that goes slowly down."""
    until = until or clock.now()
    minutes = hours * 60
    Reading.objects.bulk_create(
        Reading(
            wallet=wallet, at=until - MINUTE * (minutes - number), head_number=number,
            head_at=until, limit=LIMIT, window=60_000, burned=an_hour // 60, burned_seconds=60,
            used=round(LIMIT * (0.4 + 0.35 * number / minutes + 0.02 * math.sin(number / 9))),
            balance_sun=500_000_000_000, staked_sun=10**12, total_limit=180_000_000_000,
            total_weight=18_000_000_000, energy_fee_sun=100,
        )
        for number in range(minutes)
    )  # fmt: skip
    at = clock.now()
    Wallet.objects.exclude(pk=wallet.pk).update(due_at=at + MINUTE)
    Wallet.objects.filter(pk=wallet.pk).update(due_at=at)
    watch(at=at, look=saying(measure(seen(22, at), at=at)))


def test_without_a_wallet_the_page_says_what_to_do(client: Client) -> None:
    page = client.get("/energy/").content.decode()

    assert "/console/energy/wallet/add/" in page


def test_the_wallet_that_needs_it_most_is_the_large_one(client: Client) -> None:
    hot(name="Calm", address=OTHER)
    wallet = hot(name="Short")
    history(wallet)

    page = client.get("/energy/").content.decode()

    assert "22.0" in page
    assert 'class="gauge' in page
    assert "33" in page  # transfers of 65,000
    assert page.index("Short") < page.index("Calm")


def test_the_page_of_a_wallet_lists_its_readings(client: Client) -> None:
    wallet = hot()
    history(wallet, hours=1)

    response = client.get(wallet.get_absolute_url())

    assert response.status_code == 200
    assert len(response.context["readings"]) == 40


def test_nothing_new_is_answered_with_nothing(client: Client) -> None:
    history(hot(), hours=1)
    version = client.get("/energy/").context["version"]

    same = client.get(f"/energy/?v={version}", headers={"HX-Request": "true"})
    other = client.get("/energy/?v=0", headers={"HX-Request": "true"})

    assert same.status_code == 204
    assert b'id="live"' in other.content
    assert b"<html" not in other.content


def test_what_cannot_be_measured_shows_no_percentage(client: Client) -> None:
    wallet = hot()
    history(wallet, hours=1)
    for _number in range(2):
        Wallet.objects.filter(pk=wallet.pk).update(due_at=clock.now())
        watch(at=clock.now(), look=saying(Failed(Fault.NO_TOTALS)))

    page = client.get("/energy/").content.decode()

    assert "측정할 수 없" in page
    assert "<tspan" not in page


def test_pages_cost_the_same_for_one_wallet_and_for_many(client: Client) -> None:
    history(hot(), hours=1)
    client.get("/energy/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/energy/")
    for number in range(12):
        Wallet.objects.create(name=f"w{number}", address=f"T{number:033}")
    with CaptureQueriesContext(connection) as many:
        client.get("/energy/")

    assert len(many) == len(one) < 40


def test_the_limits_of_all_actions_are_asked_for_together(client: Client) -> None:
    history(hot(), hours=1)
    client.get("/energy/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/energy/")

    of_one = [query["sql"] for query in queries if '"runbooks_limits"."kind" = ' in query["sql"]]
    assert of_one == []


def test_a_viewer_may_look_and_a_stranger_not() -> None:
    assert Client().get("/energy/").status_code == 302


def test_pace_is_of_the_same_hour_in_the_weeks_before_and_of_now() -> None:
    wallet = hot()
    for week, energy in ((0, 1_000), (1, 2_000), (2, 4_000), (3, 6_000)):
        Reading.objects.create(
            wallet=wallet, at=NOW - timedelta(weeks=week), burned=energy, burned_seconds=600
        )
    Reading.objects.create(
        wallet=wallet, at=NOW - timedelta(days=2), burned=10**9, burned_seconds=60
    )

    assert paces([wallet.pk], at=NOW) == {wallet.pk: Pace(4_000 * 6, 6_000 * 6)}
    assert paces([], at=NOW) == {}


def test_a_burst_in_the_first_minute_is_no_pace_of_a_whole_hour() -> None:
    wallet = hot()
    Reading.objects.create(wallet=wallet, at=NOW, burned=65_000, burned_seconds=60)

    assert paces([wallet.pk], at=NOW) == {wallet.pk: Pace(65_000 * 12, 65_000 * 12)}


def test_the_page_says_what_the_policy_would_do_and_why(client: Client) -> None:
    wallet = hot()
    at = clock.now()
    Wallet.objects.filter(pk=wallet.pk).update(due_at=at - MINUTE)
    watch(at=at - MINUTE, look=saying(measure(seen(0.4, at - MINUTE), at=at - MINUTE)))
    page = client.get("/energy/").content.decode()
    assert "5 %" in page
    calm = client.get("/energy/").context["large"].foreseen
    assert (bool(calm.silent), calm.supposed) == (True, 1), "one reading spends nothing"

    watch(at=at, look=saying(measure(seen(0.4, at), at=at)))

    found = client.get("/energy/").context["large"].foreseen
    assert (found.silent, found.supposed) == ("", None)
    assert [one.lever for one in found.plan.steps] == ["PAUSE_WITHDRAWALS", "EMERGENCY_STAKING"]
    assert found.plan.unused["BUY_ENERGY"] == "not_asked"
    assert found.plan.still_missing == 0
    assert found.plan.steps[1].sun == 245_000 * SUN, "what is missing, and no more"
    hot(name="Treasury", address=OTHER, role="treasury")
    unseen = client.get(f"/energy/{wallet.pk}/").context["large"].foreseen
    assert [one.lever for one in unseen.plan.steps] == ["PAUSE_WITHDRAWALS"]
    assert unseen.plan.unused["EMERGENCY_STAKING"] == "no_treasury", "nor the wallet's own TRX"
    watch(at=at, look=saying(measure(seen(0, at, balance_sun=500_000 * SUN), at=at)))
    Limits.of("energy.stake")
    Limits.objects.filter(kind="energy.stake").update(action_cap_sun=50_000 * SUN)
    capped = client.get(f"/energy/{wallet.pk}/").context["large"].foreseen
    stakes = [one for one in capped.plan.steps if one.lever == "EMERGENCY_STAKING"]
    assert [one.sun for one in stakes] == [50_000 * SUN], "within the cap"


def test_a_calm_wallet_shows_what_a_shortage_would_cost_by_prices_of_a_while_ago(
    client: Client,
) -> None:
    wallet = hot()
    history(wallet)
    offer = {"provider": "catfee", "energy": 3_000_000, "total_sun": 120_000_000, "least": 65_000}
    at = clock.now()
    for asked, steps in (
        (at - timedelta(minutes=14), ["PAUSE_WITHDRAWALS", "BUY_ENERGY"]),
        (at - timedelta(minutes=16), ["PAUSE_WITHDRAWALS", "EMERGENCY_STAKING"]),
    ):
        Wallet.objects.update(offers=[offer], offers_at=asked)
        found = client.get("/energy/").context["large"].foreseen
        assert found.supposed == 1
        assert [one.lever for one in found.plan.steps] == steps
        assert found.plan.missing == 2_375_000
    Wallet.objects.update(offers_at=at - timedelta(minutes=1))
    page = client.get("/energy/").content.decode()
    assert "catfee" in page
    assert "40.0" in page, "sun for each energy"
    given = {"wallet": wallet.pk, "provider": "catfee", "energy": 1, "name": wallet.name}
    action = propose("energy.buy", "late", given, sun=SUN, at=at)
    Purchase.objects.create(
        action=action,
        wallet=wallet,
        provider="catfee",
        energy=1,
        seconds=1,
        asked_at=at,
        state="late",
    )
    owing = client.get("/energy/").context["large"].foreseen
    assert [one.lever for one in owing.plan.steps] == ["PAUSE_WITHDRAWALS", "EMERGENCY_STAKING"]


def test_a_wallets_own_caps_are_shown_with_what_is_used_of_them(client: Client) -> None:
    wallet = hot(purchase_cap_sun=20 * SUN, purchase_day_cap_sun=50 * SUN, day_cap_sun=900 * SUN)
    history(wallet, hours=1)
    given = {"wallet": wallet.pk, "name": wallet.name, "provider": "catfee", "energy": 65_000}
    propose("energy.buy", "k1", given, sun=12 * SUN, at=clock.now())

    page = " ".join(client.get("/energy/").content.decode().split()).replace(
        "\N{NO-BREAK SPACE}", " "
    )

    assert '한 번 구매 최대</dt><dd class="num">20 TRX' in page
    assert '24시간 동안 구매</dt><dd class="num">12 TRX / 50 TRX' in page
    assert '24시간 동안 스테이킹</dt><dd class="num">0 TRX / 900 TRX' in page


def test_what_was_paid_today_stands_beside_what_burning_would_have_cost(client: Client) -> None:
    wallet = hot()
    history(wallet, hours=1)
    given = {"wallet": wallet.pk, "name": wallet.name, "provider": "catfee", "energy": 65_000}
    at = clock.now()
    for key, sun, state in (("k1", 12, "confirmed"), ("k2", 3, "lost"), ("k3", 7, "failed")):
        action = propose("energy.buy", key, given, sun=sun * SUN, at=at)
        Action.objects.filter(pk=action.pk).update(state=state, began_at=at, ended_at=at)

    assert client.get("/energy/").context["large"].bought_today_sun == 15 * SUN


def test_what_is_rented_is_shown_until_it_goes(client: Client) -> None:
    wallet = hot()
    history(wallet, hours=1)
    at = clock.now()
    for key, minutes, state in (("k1", 30, "arrived"), ("k2", 61, "arrived"), ("k3", 5, "late")):
        given = {"wallet": wallet.pk, "name": wallet.name, "provider": "catfee", "energy": 65_000}
        Purchase.objects.create(
            action=propose("energy.buy", key, given, sun=SUN, at=at), wallet=wallet, state=state,
            provider="catfee", energy=65_000, seconds=3600, asked_at=at - MINUTE * minutes,
        )  # fmt: skip

    [one] = client.get("/energy/").context["large"].rented

    assert one.goes_at == at + MINUTE * 30


def test_a_pause_that_nothing_lifts_is_warned_of(client: Client) -> None:
    hot()
    words = "출금을 보류한 뒤 자동으로 재개하지 않아요"

    for pause, resume, warned in (
        ("on", "shadow", True),
        ("on", "on", False),
        ("shadow", "off", False),
    ):
        Limits.of("withdrawals.pause"), Limits.of("withdrawals.resume")
        Limits.objects.filter(kind="withdrawals.pause").update(mode=pause)
        Limits.objects.filter(kind="withdrawals.resume").update(mode=resume)
        history(Wallet.objects.get(), hours=1)

        assert (words in client.get("/energy/").content.decode()) is warned
        assert bool(holds_are_lifted(databases=["default"])) is warned


def test_what_cannot_be_measured_is_not_acted_upon(client: Client) -> None:
    hot()
    watch(at=NOW, look=saying(Failed(Fault.NO_TOTALS)))
    assert client.get("/energy/").context["large"].foreseen.plan is None


def test_a_wallet_that_is_used_up_is_not_said_to_keep_up(client: Client) -> None:
    wallet = hot()
    history(wallet)
    at = clock.now()
    Wallet.objects.filter(pk=wallet.pk).update(due_at=at)
    watch(at=at, look=saying(measure(seen(0, at), at=at)))

    page = client.get("/energy/").content.decode()

    assert "송금마다 TRX를 태워요" in page
    assert "회복되는 양으로 버텨요" not in page


def test_what_is_delegated_to_a_wallet_is_told_apart_by_our_own_rows(client: Client) -> None:
    wallet = hot()
    history(wallet, hours=1)
    at = clock.now()
    Reading.objects.create(
        wallet=wallet, at=at, limit=LIMIT, used=0, total_limit=180_000_000_000,
        total_weight=18_000_000_000, delegated_in_sun=10 * SUN,
    )  # fmt: skip
    Wallet.objects.update(last=Reading.objects.latest("pk"))
    action = propose("energy.buy", "came", {"provider": "catfee", "energy": 1, "name": "w"}, at=at)
    Purchase.objects.create(
        action=action, wallet=wallet, provider="catfee", energy=1, seconds=3600, asked_at=at,
        state="arrived", arrived_sun=4 * SUN,
    )  # fmt: skip
    ChainTransaction.objects.create(
        wallet=hot(name="Treasury", address=OTHER, role="treasury"), key="k", sun=5 * SUN,
        contract="DelegateResourceContract", state="done", planned_at=at, permission_id=2,
        txid="0" * 64, stored={}, signed_at=at, expires_at=at, sent_at=at, settled_at=at, block=1,
        value={"receiver_address": address_in_hex(wallet.address)},
    )  # fmt: skip

    found = client.get(f"/energy/{wallet.pk}/").context["large"].incoming

    assert (found.rented, found.lent, found.others) == (4 * SUN, 5 * SUN, SUN)
