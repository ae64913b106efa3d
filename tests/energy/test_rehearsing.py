"""A dry run says what the response then does, and does none of it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.errors import Refused
from energy.domain.states import Level
from energy.models import ChainTransaction, EnergyPolicy, Purchase, Response, Step, Wallet
from energy.services import rehearse
from runbooks.domain.actions import Mode
from runbooks.models import Action, Limits
from teams.models import User
from tests.energy.company import MARKETS
from tests.energy.shortage import only, reported
from tests.energy.ticks import around, watch

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {
    "lends": (0.5, {}, ["PAUSE_WITHDRAWALS", "DELEGATE_ENERGY"]),
    "buys": (0.5, {"energy__delegate": Mode.OFF}, ["PAUSE_WITHDRAWALS", "BUY_ENERGY"]),
    "stakes": (
        0.5,
        {"energy__delegate": Mode.OFF, "energy__buy": Mode.OFF},
        ["PAUSE_WITHDRAWALS", "EMERGENCY_STAKING"],
    ),
    "in shadow": (
        0.5,
        {"energy__delegate": Mode.OFF, "energy__buy": Mode.SHADOW, "withdrawals__pause": Mode.OFF},
        ["BUY_ENERGY"],
    ),
    "an emergency": (3, {}, ["HOLD_WITHDRAWALS", "BUY_ENERGY"]),
    "a prepared stake": (
        3,
        {"energy__buy": Mode.OFF},
        ["HOLD_WITHDRAWALS", "EMERGENCY_STAKING"],
    ),
}


def short(shop, percent):
    shop.act("drain", account="hot", left_percent=percent)
    watch()
    watch()
    return Wallet.objects.select_related("last").get(pk=shop.hot.pk)


def run(wallet, **wish):
    return rehearse(wallet, Level(wallet.confirmed), at=clock.database_now(), **wish)


@pytest.mark.parametrize("way", WAYS)
def test_a_dry_run_equals_what_the_response_then_does(shop, way):
    percent, modes, levers = WAYS[way]
    only(shop, **modes)
    wallet = short(shop, percent)

    said = run(wallet)

    assert [line.step.lever for line in said.lines] == levers
    assert not said.supposed
    assert nothing_happened(shop)
    steps = answered(len(levers))
    assert [done(one) for one in steps] == [foretold(line) for line in said.lines]
    if any(line.foretold.people for line in said.lines):
        return
    response = reported(steps[0].response)
    used = list(response.steps.exclude(action=None))
    assert len(used) == len(levers), "and nothing else"
    noted = response.steps.filter(action=None).order_by("-pk")  # the first word holds
    why = dict(noted.values_list("lever", "why"))
    assert {lever: why.get(lever) for lever in said.unused} == {**said.unused}


def answered(wanted):
    """By the reading that the dry run was made from: with each newer one a little less is missing."""
    for _turn in range(20):
        around(read=False)
        steps = list(Step.objects.with_results().exclude(action=None))
        if len(steps) >= wanted:
            return steps
    raise AssertionError("nothing was begun")


def done(step):
    action = step.action
    asked = action.state == "proposed" or action.approvals.exists()
    return (
        step.lever, step.rail, step.sun, step.energy, step.provider, step.helper_id or 0,
        action.kind, action.parameters | {"reason": ""}, action.sun, asked, action.state == "shadowed",
    )  # fmt: skip


def foretold(line):
    step, draft = line.step, line.foretold.action
    return (
        step.lever, line.rail, step.sun, step.energy, step.provider, step.helper, draft.kind,
        draft.parameters | {"reason": ""}, draft.sun, line.foretold.people > 0,
        line.foretold.decided == "shadow",
    )  # fmt: skip


def nothing_happened(shop):
    sold = [sale for market in MARKETS for sale in shop.sales(market)]
    rows = [one.objects.count() for one in (Action, Response, Purchase, ChainTransaction)]
    return (sold, shop.rail()["holds"], rows) == ([], [], [0, 0, 0, 0])


def test_what_comes_later_is_said_with_its_turn_and_what_it_costs(shop):
    only(shop, energy__delegate=Mode.OFF)
    Limits.objects.filter(kind="energy.buy").update(
        day_cap_sun=40_000_000, action_cap_sun=20_000_000
    )
    said = run(short(shop, 0.5))

    bought = [line for line in said.lines if line.step.lever == "BUY_ENERGY"]
    staked = [line for line in said.lines if line.step.lever == "EMERGENCY_STAKING"]
    assert [line.turn for line in bought] == [1, 2]
    assert sum(line.step.sun for line in bought) <= 40_000_000
    assert staked[0].turn == 3, "a stake when nothing else is left"


def test_the_guards_are_asked_as_they_stand(shop):
    only(shop, energy__delegate=Mode.OFF, energy__buy=Mode.OFF)
    Limits.objects.filter(kind="energy.stake").update(second_above_sun=1)
    stake = run(short(shop, 0.5)).lines[-1].foretold
    assert (stake.decided, stake.people) == ("go", 2)

    Limits.objects.filter(kind="energy.stake").update(mode=Mode.SHADOW)
    stake = run(short(shop, 0.5)).lines[-1].foretold
    assert (stake.decided, stake.people) == ("shadow", 0)


def test_a_calm_wallet_is_taken_for_short_and_another_policy_can_be_tried(shop):
    wallet = short(shop, 60)
    other = EnergyPolicy.objects.create(critical=["EMERGENCY_STAKING"], restore_percent=50)
    at = clock.database_now()

    said = rehearse(wallet, Level.CRITICAL, policy=other, at=at)

    assert said.supposed
    assert said.reading.percent <= 1
    assert [line.step.lever for line in said.lines] == ["EMERGENCY_STAKING"]
    around(read=False)
    assert nothing_happened(shop)
    with pytest.raises(Refused):
        rehearse(wallet, Level.WARNING, at=at)
    with pytest.raises(Refused):
        rehearse(shop.treasury, Level.CRITICAL, at=at)


def test_commanders_see_it_on_the_page_by_the_api_and_on_the_command_line(shop, client):
    only(shop, energy__delegate=Mode.OFF)
    Limits.objects.filter(kind="energy.buy").update(approval_above_sun=1)
    wallet = short(shop, 60)
    client.force_login(User.objects.get(username="commander"))
    page, api = f"/energy/{wallet.pk}/dry-run/", f"/api/v1/energy/wallets/{wallet.pk}/dry-run/"

    assert page in client.get(f"/energy/{wallet.pk}/").content.decode()
    told = client.post(page, {"level": "3"}).content.decode()
    found = client.post(api, {"level": "CRITICAL"}, content_type="application/json").json()
    out = StringIO()
    call_command("energy_dry_run", "hot", level="critical", stdout=out)

    for words in (told, out.getvalue()):
        assert "CRITICAL_ENERGY_SHORTAGE" in words
        assert words.index("PAUSE_WITHDRAWALS") < words.index("BUY_ENERGY") < words.index("tronzap")
    assert "1 person approves first" in out.getvalue()
    (pause, buy) = found["steps"]
    assert (pause["rail"], pause["decided"]) == ("trc20-usdt", "go")
    assert (buy["provider"], buy["people"], buy["sun"] > 0) == ("tronzap", 1, True)
    assert found["unused"]["EMERGENCY_STAKING"] == "enough"
    assert found["supposed"]
    assert nothing_happened(shop)
    with pytest.raises(CommandError):
        call_command("energy_dry_run", "nobody")
