"""Steps do not wait for each other's success, and shortages leave each other's holds alone."""

import pytest

from core import clock
from energy.models import Response, Role, Wallet
from incidents.models import Incident, StakeholderMessage
from incidents.services import resolve
from integrations.tron import SUN
from runbooks.models import Limits
from teams.models import User
from tests.energy.company import MARKETS
from tests.energy.shortage import drained, reported, results, told
from tests.energy.ticks import around, until

pytestmark = pytest.mark.django_db(transaction=True)


def refused_by_the_chain(shop):
    shop.act("fail", count=1)


def never_signed(shop):
    shop.trouble("tron", "larger_freeze", count=99)


@pytest.mark.parametrize("break_it", [refused_by_the_chain, never_signed])
def test_a_stake_that_fails_keeps_away_no_purchase_and_no_notice(shop, break_it):
    """In the manual's sketch `emergencyStaking()` throws, and nothing after it happens."""
    nothing_idle_and_markets_too_dear(shop)
    break_it(shop)
    response = drained(shop, 0.5)
    until(lambda: ("EMERGENCY_STAKING", "failed") in results(response))

    for name in MARKETS:
        shop.http.delete(f"/markets/{name}/faults").raise_for_status()
    until(lambda: ("BUY_ENERGY", "done") in results(response))
    reported(response)

    assert response.status == "CRITICAL_RESPONSE_PARTIAL"
    assert shop.account("treasury")["staked"] == 400_000 * SUN
    message = StakeholderMessage.objects.get(subject_en__startswith="CRITICAL_ENERGY_SHORTAGE")
    assert (message.group.slug, message.state) == ("management", "approved")
    kinds = told(response.incident)
    assert kinds.index("energy_response_begun") < kinds.index("action_failed")
    assert "energy_response_reported" in kinds[kinds.index("action_failed") :]
    assert [hold["scope"] for hold in shop.rail()["holds"]] == ["all"]


def nothing_idle_and_markets_too_dear(shop):
    Wallet.objects.filter(pk=shop.spare.pk).update(enabled=False)
    Limits.objects.filter(kind="energy.stake").update(second_above_sun=None)
    shop.act("drain", account="treasury", left_percent=0)
    for name in MARKETS:
        shop.trouble(f"markets/{name}", "dear", count=0)


def test_the_pause_of_a_second_incident_outlives_the_resolution_of_the_first(shop):
    """Two wallets pay by the same rail. Each incident lifts what it has paused, and nothing else."""
    Wallet.objects.filter(pk=shop.spare.pk).update(role=Role.HOT)
    shop.act("drain", account="treasury", left_percent=0)
    Limits.objects.filter(kind__in=["energy.buy", "energy.stake"]).update(mode="off")
    shop.act("drain", account="spare", left_percent=0.5)
    first = drained(shop, 0.5)
    until(lambda: holds(shop) == 2)
    second = Response.objects.exclude(pk=first.pk).get()
    assert Incident.objects.count() == 2
    first, second = sorted([first, second], key=lambda one: one.wallet.name)
    assert (first.wallet, second.wallet) == (shop.hot, shop.spare)

    shop.act("rest", account="hot")
    until(lambda: Response.objects.filter(pk=first.pk, ended_at__isnull=False).exists())
    commander = User.objects.get(username="commander")
    resolve(first.incident, by=commander, at=clock.database_now())
    for _ in range(3):
        around()

    (left,) = shop.rail()["holds"]
    assert (left["key"], left["scope"]) == (second.pauses.get(rail="trc20-usdt").action.key, "all")
    second.refresh_from_db()
    assert second.ended_at is None
    shop.act("rest", account="spare")
    until(lambda: Response.objects.filter(pk=second.pk, ended_at__isnull=False).exists())
    assert holds(shop) == 0


def holds(shop):
    return len(shop.rail()["holds"])
