"""Whatever dies, and whatever goes wrong outside: each effect once or not at all, and never over a budget.

`BONGSU_KILLS` says how many kills there are (two seconds each). Negative control: with a new key for each
look in `moving.key_of`, what a dead worker had sent is taken for lost, and staked again. One guard less
is found beside it: in `rounds.write` by `test_races_of_responders`, in `TransactionQuerySet.move` by
`test_settling`, in `buying.bought` by `test_actions`.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Max, Sum

from core import clock
from energy import looking
from energy.models import (
    ChainTransaction,
    EnergyPolicy,
    Purchase,
    PurchaseState,
    Response,
    Wallet,
)
from integrations.tron import SUN, Delegate, Freeze
from runbooks.domain.actions import OPEN, State
from runbooks.models import Action, Limits
from tests.energy import responder
from tests.energy.company import MARKETS
from tests.energy.ticks import around, until, watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
KILLS = int(os.environ.get("BONGSU_KILLS", "8"))
SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60.0
FAULTS = (
    ("tron", "lose_reply", {"match": "broadcast"}), ("tron", "dup_cache", {}),
    ("tron", "unavailable", {"count": 3}), ("tron", "error_body", {"count": 2}),
    ("tron", "slow", {"delay": 0.5, "count": 3}), ("tron2", "error_body", {"count": 2}),
    ("wallet-service", "lose_reply", {"match": "withdrawals"}),
    ("wallet-service", "unavailable", {"count": 2}), ("wallet-service", "ignored", {}),
    *((f"markets/{name}", fault, {}) for name in MARKETS
      for fault in ("lose_reply", "breaks_after", "garbage", "rejected", "undelivered", "partial")),
)  # fmt: skip
PATCHED = (
    "TRON_NODE_URL", "TRON_SECOND_NODE_URL", "TRON_SIGNER_SOCKET", "TRON_TIMEOUT", "MARKET_TIMEOUT",
    "WALLET_SERVICE_URL", "WALLET_SERVICE_TIMEOUT", "CATFEE_URL", "TRONSAVE_URL", "TRONZAP_URL",
)  # fmt: skip


@pytest.fixture
def nursery(settings):
    ours, theirs = SPAWN.Pipe()
    database = str(connection.settings_dict["NAME"])
    given = {name: getattr(settings, name) for name in PATCHED}
    process = SPAWN.Process(target=responder.nursery, args=(database, given, theirs), daemon=True)
    process.start()
    assert ours.poll(PATIENCE)
    ours.recv()
    yield ours
    process.kill()
    process.join()


@pytest.fixture
def quick(monkeypatch):
    """What the workers do too."""
    from energy.actions import withdrawals
    from energy.services import buying, moving

    second = timedelta(seconds=1)
    monkeypatch.setattr(withdrawals, "ARRIVES", second)
    monkeypatch.setattr(buying, "ARRIVES", second)
    monkeypatch.setattr(buying, "LATE", 2 * second)
    monkeypatch.setattr(buying, "GIVEN_UP", 6 * second)
    monkeypatch.setattr(moving, "PATIENCE", 1.0)


def born(nursery):
    nursery.send(True)
    assert nursery.poll(PATIENCE)
    return nursery.recv()


def leases_over():
    """Everybody is dead: what they held is as good as run out."""
    at = clock.database_now()
    Action.objects.filter(state=State.EXECUTING).update(lease_until=at)
    Wallet.objects.update(held_until=None)
    ChainTransaction.objects.filter(state="planned").update(planned_at=at - timedelta(minutes=1))


def begun(shop, chance):
    """A shortage, of which lending brings some, buying some, and staking the rest."""
    shop.calm()
    shop.act("reset")
    shop.http.delete("/tron2/faults")
    shop.http.post("/wallet-service/reset", json={})
    for name in MARKETS:
        shop.http.delete(f"/markets/{name}/faults")
        shop.http.delete(f"/markets/{name}/book.json")
    shop.act("drain", account="spare", left_percent=chance.choice([0, 8, 25]))
    shop.act("drain", account="treasury", left_percent=0)
    shop.act("drain", account="hot", left_percent=0.4)
    spent = {kind: spent_by(kind) for kind in ("energy.buy", "energy.stake")}
    budget = {
        "energy.buy": chance.choice([0, 30, 60, 300]) * SUN,
        "energy.stake": chance.choice([0, 90_000, 900_000]) * SUN,
    }
    for kind, sun in budget.items():
        total = sun + spent[kind]
        Limits.objects.filter(kind=kind).update(
            action_cap_sun=sun, day_cap_sun=total, lifetime_cap_sun=total,
            cooldown=timedelta(0), second_above_sun=None,
        )  # fmt: skip
    return budget, spent


def spent_by(kind):
    rows = Action.objects.filter(kind=kind, state__in=[State.CONFIRMED, *OPEN])
    return int(rows.aggregate(sun=Sum("sun"))["sun"] or 0)


def ended(shop, last):
    """One process that lives brings it to its end; the energy comes back by itself if by nothing else."""
    shop.calm()
    shop.http.delete("/tron2/faults")
    shop.http.delete("/wallet-service/faults")
    for name in MARKETS:
        shop.http.delete(f"/markets/{name}/faults")
    response = until(Response.objects.filter(pk__gt=last).first)
    deadline = time.monotonic() + 15

    def over():
        if time.monotonic() > deadline:
            shop.act("rest", account="hot")
        response.refresh_from_db()
        open_ones = Action.objects.filter(state__in=OPEN).exists()
        pending = ChainTransaction.objects.open().exists()
        return response.ended_at and not open_ones and not pending

    until(over, patience=150)
    return response


def audit(shop, response, budget, spent):
    steps = [step for step in response.steps.with_results() if step.action]
    doubled = Counter(
        (one.round, one.lever, one.rail, one.provider, one.helper_id) for one in steps
    )
    assert not doubled or max(doubled.values()) == 1
    for kind, before in spent.items():
        assert spent_by(kind) <= before + budget[kind], kind
    ours = [one.action_id for one in steps]

    sales = [sale for name in MARKETS for sale in shop.sales(name)]
    bought = Purchase.objects.filter(action__in=ours).exclude(state=PurchaseState.NOT_BOUGHT)
    assert sorted(sale["id"] for sale in sales) == sorted(one.order_id for one in bought)
    paid = Action.objects.filter(pk__in=ours, kind="energy.buy", state=State.CONFIRMED)
    assert sum(sale["paid_sun"] for sale in sales) == sum(one.sun for one in paid)

    keys = {f"{one.action.kind}:{one.action.key}": one.action for one in steps}
    chain = ChainTransaction.objects.filter(key__in=keys)
    for row in chain:
        assert (row.state == "done") == (keys[row.key].state == State.CONFIRMED), row.key
    done = chain.filter(state="done")
    staked = sum(one.sun for one in done if one.contract == Freeze.name)
    lent = sum(one.sun for one in done if one.contract == Delegate.name)
    treasury, spare = shop.account("treasury"), shop.account("spare")
    assert treasury["staked"] + treasury["delegated"] == 400_000 * SUN + staked
    assert treasury["delegated"] + spare["delegated"] == lent
    assert treasury["balance"] >= 2_500_000 * SUN - staked - 10 * SUN
    assert shop.rail()["holds"] == []
    assert not response.pauses.open().exists()


def test_killed_anywhere_each_effect_is_one_or_none_and_within_the_budget(
    seeded, firm, nursery, quick
):
    looking._prices.cache_clear()
    wallets = [firm.hot.pk, firm.treasury.pk, firm.spare.pk]
    Wallet.objects.exclude(pk__in=wallets).delete()
    EnergyPolicy.objects.create(resume_runway=timedelta(0), paused_for=timedelta(0))
    seed = int(os.environ.get("BONGSU_SEED", "5"))
    chance, kills, runs = random.Random(seed), 0, 0
    while kills < KILLS:
        last = Response.objects.aggregate(last=Max("pk"))["last"] or 0
        budget, spent = begun(firm, chance)
        watch()
        watch()
        around(read=False)
        for _life in range(chance.randint(2, 4)):
            for place, fault, options in chance.sample(FAULTS, chance.randint(0, 3)):
                firm.trouble(place, fault, **options)
            workers = [born(nursery) for _ in range(2)]
            for worker in workers:
                time.sleep(chance.random() * 1.2)
                os.kill(worker, signal.SIGKILL)
                kills += 1
            leases_over()
        runs += 1
        audit(firm, ended(firm, last), budget, spent)
    assert runs
