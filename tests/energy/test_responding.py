"""The response, from the shortage on the chain to its end, through the real services of the sandbox."""

from datetime import timedelta

import pytest

from core import clock
from core.money import trx
from energy import services
from energy.domain.states import State as Standing
from energy.models import EnergyPolicy, Pause, Purchase, Response, Wallet
from energy.services.homes import PATIENCE
from incidents.models import Event, Incident, StakeholderMessage
from integrations.tron import SUN
from monitoring.domain.matching import read_lines
from monitoring.models import Alert
from monitoring.services import silence
from runbooks.domain.actions import Mode
from runbooks.models import Action, Limits
from runbooks.services import approve
from teams.models import User
from tests.energy.shortage import drained, only, reported, results, told
from tests.energy.ticks import around, until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_critical_shortage_pauses_and_lends_what_is_idle(shop):
    response = reported(drained(shop, 0.5))

    assert response.status == "CRITICAL_RESPONSE_EXECUTED"
    assert results(response) == [("PAUSE_WITHDRAWALS", "done"), ("DELEGATE_ENERGY", "done")]
    assert ("EMERGENCY_STAKING", "unused") in results(response, used=False)
    assert [hold["scope"] for hold in shop.rail()["holds"]] == ["all"]
    hot = shop.account("hot")
    assert hot["left"] * 100 >= 19.9 * hot["limit"]


def test_management_hears_of_it_at_the_start_and_the_timeline_tells_each_step(shop):
    response = reported(drained(shop, 0.5))

    incident = Incident.objects.get()
    assert (incident.pk, incident.severity) == (response.incident_id, "P0")
    message = StakeholderMessage.objects.get(subject_en__startswith="CRITICAL_ENERGY_SHORTAGE")
    assert (message.group.slug, message.state) == ("management", "approved")
    kinds = told(incident)
    assert kinds.index("energy_response_begun") < kinds.index("action_proposed")
    report = incident.timeline.get(kind="energy_response_reported").data
    assert report["status"] == "CRITICAL_RESPONSE_EXECUTED"
    assert [one["lever"] for one in report["steps"]] == ["PAUSE_WITHDRAWALS", "DELEGATE_ENERGY"]


def test_withdrawals_go_again_in_stages_and_the_response_ends(shop):
    response = drained(shop, 0.5)
    until(lambda: Pause.objects.filter(whole=False).exists())
    assert shop.account("hot")["left"] * 100 >= 8 * shop.account("hot")["limit"]

    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())

    assert shop.rail()["holds"] == []
    order = list(Action.objects.filter(kind__startswith="withdrawals").order_by("pk"))
    assert [one.kind for one in order] == [
        "withdrawals.pause", "withdrawals.hold_low", "withdrawals.resume", "withdrawals.resume",
    ]  # fmt: skip
    assert [str(one) for one in order[2:]] == [
        "trc20-usdt 출금 재개", "trc20-usdt의 우선순위 낮은 출금 재개",
    ]  # fmt: skip
    assert told(Incident.objects.get())[-1] == "energy_response_over"
    response.refresh_from_db()
    assert response.status == "CRITICAL_RESPONSE_EXECUTED"
    for _ in range(3):
        around()
    assert Response.objects.count() == 1


def test_what_somebody_else_holds_stays_held(shop):
    headers = {"Idempotency-Key": "a person's", "Authorization": "Bearer sandbox"}
    wish = {"scope": "all", "reason": "audit", "by": "ops"}
    shop.http.post(
        "/wallet-service/v1/rails/trc20-usdt/withdrawals/pause", json=wish, headers=headers
    ).raise_for_status()
    drained(shop, 0.5)

    until(lambda: Response.objects.filter(ended_at__isnull=False).exists())

    assert [hold["key"] for hold in shop.rail()["holds"]] == ["a person's"]


def test_nothing_idle_is_bought_and_the_cheapest_market_sells_it(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    only(shop, energy__delegate=Mode.OFF)
    response = reported(drained(shop, 0.5))

    assert ("BUY_ENERGY", "done") in results(response)
    assert len(shop.sales("tronzap")) == 1
    assert response.cost_sun == shop.sales("tronzap")[0]["paid_sun"]


def test_a_market_that_delivers_nothing_is_followed_by_the_next(shop):
    only(shop, energy__delegate=Mode.OFF)
    shop.trouble("markets/tronzap", "undelivered")
    response = drained(shop, 0.5)
    until(lambda: len(shop.sales("tronzap")) == 1)
    Purchase.objects.update(asked_at=clock.database_now() - timedelta(seconds=61))

    until(lambda: shop.sales("catfee") or shop.sales("tronsave"))
    reported(response)

    assert response.status == "CRITICAL_RESPONSE_PARTIAL"
    assert ("BUY_ENERGY", "late") in results(response)
    assert ("BUY_ENERGY", "done") in results(response)

    late = Purchase.objects.filter(provider="tronzap")
    late.update(asked_at=clock.database_now() - timedelta(minutes=16))
    until(lambda: ("BUY_ENERGY", "never_came") in results(response))
    until(lambda: Event.objects.filter(kind="energy_response_reported", data__has_key="lost"))
    assert response.lost_sun == shop.sales("tronzap")[0]["paid_sun"] < response.cost_sun
    report = Event.objects.filter(kind="energy_response_reported").latest("pk")
    assert report.data["lost"] == trx(response.lost_sun)
    assert "action_lost" in told(response.incident)


def test_a_market_that_owes_energy_is_not_asked_by_the_next_plan_and_said_on_the_page(shop, client):
    only(shop, energy__delegate=Mode.OFF)
    for market in ("tronzap", "catfee", "tronsave"):
        Purchase.objects.create(
            action=Action.objects.create(
                kind="energy.buy", key=market, state="lost", sun=SUN, proposed_at=clock.now(),
                began_at=clock.now(), ended_at=clock.now(),
                parameters={"energy": 65_000, "provider": market, "name": "hot"},
            ),
            wallet=shop.hot, provider=market, energy=65_000, seconds=3600, state="never_came",
            asked_at=clock.now(), ended_at=clock.now(), paid_sun=SUN,
        )  # fmt: skip
    response = reported(drained(shop, 0.5))

    assert [shop.sales(name) for name in ("tronzap", "catfee", "tronsave")] == [[], [], []]
    assert response.steps.get(lever="BUY_ENERGY").why == "set_aside"
    client.force_login(User.objects.get(username="commander"))
    page = client.get("/energy/").content.decode()
    owed = Purchase.objects.latest("pk")
    assert f"/energy/purchases/{owed.pk}/clear/" in page
    assert client.get(f"/energy/purchases/{owed.pk}/clear/").status_code == 200
    assert client.post(f"/energy/purchases/{owed.pk}/clear/").status_code == 400
    client.post(f"/energy/purchases/{owed.pk}/clear/", {"note": "They paid it back."})
    owed.refresh_from_db()
    assert (owed.cleared_by.username, owed.cleared_note) == ("commander", "They paid it back.")


def test_only_what_nothing_else_brings_is_staked_and_then_lent(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    for market in ("tronzap", "tronsave", "catfee"):
        shop.trouble(f"markets/{market}", "rejected", count=99)
    Limits.objects.filter(kind="energy.stake").update(second_above_sun=None)
    shop.act("drain", account="treasury", left_percent=0)
    response = reported(drained(shop, 0.5))

    until(lambda: results(response)[-1] == ("DELEGATE_ENERGY", "done"))
    levers = [lever for lever, _result in results(response)]
    assert levers[0] == "PAUSE_WITHDRAWALS"
    assert levers.index("BUY_ENERGY") < levers.index("EMERGENCY_STAKING")
    stake = response.steps.get(lever="EMERGENCY_STAKING", action__isnull=False)
    assert shop.account("treasury")["staked"] + shop.account("hot")["acquired"] == (
        400_000 * SUN + stake.sun
    )
    assert response.status == "CRITICAL_RESPONSE_PARTIAL", "the markets refused"


def test_a_wallet_service_that_refuses_keeps_no_energy_away(shop):
    shop.trouble("wallet-service", "rejected", count=99, match="pause")
    response = reported(drained(shop, 0.5))

    assert response.status == "CRITICAL_RESPONSE_PARTIAL"
    assert ("DELEGATE_ENERGY", "done") in results(response)
    assert ("PAUSE_WITHDRAWALS", "failed") in results(response)


def test_a_wallet_service_that_does_not_answer_keeps_no_energy_away(shop):
    shop.trouble("wallet-service", "lose_reply", count=10_000)
    try:
        response = drained(shop, 0.5)
        until(lambda: ("DELEGATE_ENERGY", "done") in results(response))
        assert ("PAUSE_WITHDRAWALS", "running") in results(response)
        assert response.reported_at is None, "what the pause came to is not known yet"
    finally:
        shop.http.delete("/wallet-service/faults")

    reported(response)
    assert ("PAUSE_WITHDRAWALS", "done") in results(response)


def test_a_purchase_that_hangs_keeps_no_withdrawals_from_being_paused(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    for market in ("tronzap", "catfee", "tronsave"):
        shop.trouble(f"markets/{market}", "undelivered", count=99)
    response = drained(shop, 3)
    until(lambda: ("BUY_ENERGY", "running") in results(response))

    shop.act("drain", account="hot", left_percent=0.2)

    until(lambda: ("PAUSE_WITHDRAWALS", "done") in results(response))
    assert ("BUY_ENERGY", "running") in results(response)


def test_in_shadow_all_is_decided_and_nothing_done(shop):
    Limits.objects.update(mode=Mode.SHADOW)
    response = reported(drained(shop, 0.5))

    assert response.shadow
    assert response.status == "CRITICAL_RESPONSE_EXECUTED"
    assert results(response) == [
        ("PAUSE_WITHDRAWALS", "shadowed"), ("DELEGATE_ENERGY", "shadowed"),
    ]  # fmt: skip
    assert shop.rail()["holds"] == []
    assert shop.account("hot")["acquired"] == 0
    for _ in range(5):
        around()
    assert Action.objects.count() == 2, "it is decided once"


def test_an_emergency_holds_low_priority_rents_and_prepares_a_stake(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    Limits.objects.filter(kind="energy.buy").update(action_cap_sun=20 * SUN, day_cap_sun=20 * SUN)
    response = reported(drained(shop, 3))

    assert response.status == "EMERGENCY_RESPONSE_PARTIAL"
    assert results(response) == [
        ("HOLD_WITHDRAWALS", "done"), ("BUY_ENERGY", "done"), ("EMERGENCY_STAKING", "waits"),
    ]  # fmt: skip
    assert StakeholderMessage.objects.filter(
        group__slug="operations", subject_en__startswith="EMERGENCY_ENERGY_SHORTAGE"
    ).exists()
    assert Incident.objects.get().severity == "P1"


def test_an_emergency_that_turns_critical_goes_on_in_the_same_response(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    Limits.objects.filter(kind="energy.buy").update(mode=Mode.OFF)
    response = reported(drained(shop, 3))
    prepared = response.steps.get(lever="EMERGENCY_STAKING", action__isnull=False).action
    assert prepared.state == "proposed"

    shop.act("drain", account="hot", left_percent=0.2)
    until(lambda: Response.objects.filter(level=3).exists())

    prepared.refresh_from_db()
    assert prepared.state == "refused"
    assert Response.objects.count() == 1
    until(lambda: Pause.objects.filter(whole=True).exists())
    assert Incident.objects.get().severity == "P0"


@pytest.mark.parametrize(
    "fault", ["error_body", "empty", "unavailable", "stale", "totals_missing", "limit_wrong"]
)
def test_what_cannot_be_measured_begins_nothing_and_is_one_alert(shop, fault):
    """Nearly nothing is left, and nobody can say so."""
    Wallet.objects.exclude(pk=shop.hot.pk).update(enabled=False)
    shop.act("drain", account="hot", left_percent=0.5)
    shop.trouble("tron", fault, count=10_000)
    try:
        for _ in range(4):
            around()
    finally:
        shop.calm()

    shop.hot.refresh_from_db()
    assert shop.hot.state == Standing.MEASUREMENT_FAILED
    assert [one.key for one in Alert.objects.all()] == [f"energy:{shop.hot.pk}:measurement_failed"]
    assert not Response.objects.exists()
    assert not Action.objects.exists()
    assert shop.rail()["holds"] == []


def test_two_different_people_lift_a_pause_early(shop):
    EnergyPolicy.objects.create(paused_for=timedelta(hours=9))
    response = reported(drained(shop, 0.5))
    first, second = User.objects.order_by("pk")[:2]

    (lift,) = services.lift_early(response, by=first, at=clock.database_now())
    around()
    approve(lift, by=first, at=clock.database_now())
    around()
    assert shop.rail()["holds"], "one is not enough, not twice either"
    approve(lift, by=second, at=clock.database_now())
    around()

    assert shop.rail()["holds"] == []
    for _ in range(3):
        around()
    assert shop.rail()["holds"] == [], "it is not put back against their will"


def test_a_silenced_alert_is_a_shortage_still(shop):
    """It becomes no incident, so the response opens one of its own when none has come."""
    at = clock.database_now()
    silence(
        read_lines('alertname=~"energy.*"'), at=at, starts_at=at,
        ends_at=at + timedelta(hours=1), created_by="ops",
    )  # fmt: skip
    response = drained(shop, 0.5)
    around()
    assert not Incident.objects.exists()

    Response.objects.update(began_at=at - PATIENCE)
    reported(response)

    assert response.incident == Incident.objects.get()
    assert response.status == "CRITICAL_RESPONSE_EXECUTED"


def test_the_page_shows_each_step_what_it_cost_and_who_may_lift(
    shop, client, django_assert_num_queries
):
    EnergyPolicy.objects.create(paused_for=timedelta(hours=9))
    commander = User.objects.get(username="commander")
    client.force_login(commander)
    response = reported(drained(shop, 0.5))

    page = client.get("/energy/").content.decode()

    for words in ("CRITICAL_RESPONSE_EXECUTED", "PAUSE_WITHDRAWALS", "DELEGATE_ENERGY"):
        assert words in page
    assert f"/energy/responses/{response.pk}/lift/" in page
    assert client.get(f"/energy/responses/{response.pk}/lift/").status_code == 200
    (told_by_api,) = client.get("/api/v1/energy/responses/").json()["results"]
    assert told_by_api["status"] == "CRITICAL_RESPONSE_EXECUTED"
    assert told_by_api["steps"][0]["result"] == "done"
    asked = client.post(f"/energy/responses/{response.pk}/lift/")
    assert asked.status_code == 302
    assert Action.objects.get(kind="withdrawals.resume").state == "proposed"
    assert client.get("/console/energy/energypolicy/add/").status_code in {200, 302}
    assert client.get(f"/console/energy/response/{response.pk}/change/").status_code in {200, 302}
