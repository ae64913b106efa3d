"""Whatever dies, and whatever goes wrong outside: each effect once or not at all, and never over a budget.

`BONGSU_KILLS` says how many kills there are (some three seconds each), `BONGSU_SEED` which. Which guard is found
missing by which test stands in docs/energy.md.
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Max

from core import clock
from energy import looking
from energy.models import ChainTransaction, EnergyPolicy, Purchase, Response, Wallet
from integrations.tron import SUN
from runbooks.domain.actions import OPEN, State
from runbooks.models import Action, Limits
from tests.energy.audits import audit, spent_by
from tests.energy.company import MARKETS
from tests.energy.ticks import until, watch
from tests.energy.troubles import Troubles
from tests.nursery import Nursery, kill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
KILLS = int(os.environ.get("BONGSU_KILLS", "8"))
SEED = int(os.environ.get("BONGSU_SEED", "5"))
JOB = "tests.energy.racing.everything"
WORK = 0.35  # seconds of a processor: some five ticks
PATCHED = (
    "TRON_NODE_URL", "TRON_SECOND_NODE_URL", "TRON_SIGNER_SOCKET", "TRON_TIMEOUT", "MARKET_TIMEOUT",
    "WALLET_SERVICE_URL", "WALLET_SERVICE_TIMEOUT", "CATFEE_URL", "TRONSAVE_URL", "TRONZAP_URL",
)  # fmt: skip


@pytest.fixture
def nursery(settings):
    with Nursery(JOB, given={name: getattr(settings, name) for name in PATCHED}) as nursery:
        yield nursery


@pytest.fixture
def quick(monkeypatch):
    """What the workers do too."""
    from energy.actions import withdrawals
    from energy.services import buying, moving, settling

    second = timedelta(seconds=1)
    monkeypatch.setattr(withdrawals, "ARRIVES", second)
    monkeypatch.setattr(buying, "ARRIVES", second)
    monkeypatch.setattr(buying, "LATE", 2 * second)
    monkeypatch.setattr(buying, "GIVEN_UP", 6 * second)
    monkeypatch.setattr(moving, "PATIENCE", 1.0)
    monkeypatch.setitem(settling.settle.__kwdefaults__, "lifetime", 4 * second)


def leases_over():
    """Everybody is dead: what they held is as good as run out."""
    at = clock.database_now()
    Action.objects.filter(state=State.EXECUTING).update(lease_until=at)
    Wallet.objects.update(held_until=None)
    ChainTransaction.objects.filter(state="planned").update(planned_at=at - timedelta(minutes=1))


def begun(shop, chance):
    """A shortage, of which lending brings some, buying some, and staking the rest."""
    Purchase.objects.owed().update(cleared_at=clock.database_now())
    shop.act("reset")
    shop.act("pace", lag=chance.choice([2, 10]), block_ms=200)
    shop.http.post("/wallet-service/reset", json={})
    for name in MARKETS:
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
    own = chance.choice([None, None, 0, 150_000 * SUN])
    Wallet.objects.filter(pk=shop.treasury.pk).update(action_cap_sun=own)
    return budget, spent


def ended(shop, last):
    """One process that lives brings it to its end; the energy comes back by itself if by nothing else."""
    response = until(Response.objects.filter(pk__gt=last).first)
    deadline = time.monotonic() + 8

    def over():
        if time.monotonic() > deadline:
            shop.act("rest", account="hot")
        response.refresh_from_db()
        open_ones = Action.objects.filter(state__in=OPEN).exists()
        pending = ChainTransaction.objects.open().exists()
        return response.ended_at and not open_ones and not pending

    until(over, patience=150)
    return response


def left_open():
    """What the dead were in the middle of."""
    executing = Action.objects.filter(state=State.EXECUTING).values_list("kind", flat=True)
    found = Counter(f"doing {kind}" for kind in executing)
    sent = ChainTransaction.objects.open().values_list("state", flat=True)
    found.update(f"transaction {state}" for state in sent)
    pending = Purchase.objects.filter(ended_at=None).exclude(state="not_bought")
    bought = pending.values_list("state", flat=True)
    found.update(f"purchase {state}" for state in bought)
    return found or Counter(["nothing"])


@pytest.mark.timeout(120 + 15 * KILLS)
def test_killed_anywhere_each_effect_is_one_or_none_and_within_the_budget(
    seeded, firm, nursery, quick, tell
):
    looking._prices.cache_clear()
    wallets = [firm.hot.pk, firm.treasury.pk, firm.spare.pk]
    Wallet.objects.exclude(pk__in=wallets).delete()
    EnergyPolicy.objects.create(resume_runway=timedelta(0), paused_for=timedelta(0))
    chance, kills, found, ends = random.Random(SEED), 0, Counter(), Counter()
    troubles = Troubles(firm, chance)
    while kills < KILLS:
        last = Response.objects.aggregate(last=Max("pk"))["last"] or 0
        budget, spent = begun(firm, chance)
        watch()
        watch()
        for _life in range(chance.randint(3, 7)):
            troubles.begin()
            workers = [nursery.worker(), nursery.worker()]
            troubles.midway()
            for worker in workers:
                kill(worker, after=chance.random() * WORK)
                kills += 1
            found += left_open()
            leases_over()
            if Response.objects.filter(pk__gt=last).exclude(ended_at=None).exists():
                break
        troubles.calm()
        response = ended(firm, last)
        audit(firm, response, budget, spent)
        ends[response.status] += 1
    firm.pace()
    tell(f"seed {SEED}: {kills} kills of a worker in {ends.total()} responses, {dict(ends)}")
    tell(f"died in the middle of {dict(found)}")
    tell(f"met {dict(sorted(troubles.met.items()))}")
