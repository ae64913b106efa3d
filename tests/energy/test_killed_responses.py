"""Whatever dies, and whatever goes wrong outside: each effect once or not at all, and never over a budget.

`BONGSU_KILLS` says how many kills there are, `BONGSU_SEED` which. Which guard is found missing by which
test stands in docs/energy.md, and what a long run met.
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
from energy.domain.planning import Why
from energy.models import ChainTransaction, EnergyPolicy, Purchase, Response, Wallet
from integrations.tron import SUN
from runbooks.domain.actions import OPEN, State
from runbooks.models import Action, Limits
from sandbox.chain import faults as chain
from sandbox.markets import book
from sandbox.withdrawals import party as withdrawals
from tests.energy.audits import audit, spent_by
from tests.energy.company import MARKETS
from tests.energy.dying import by_step
from tests.energy.hunting import Hunter, in_flight
from tests.energy.ticks import around, until, watch
from tests.energy.troubles import FAULTS, Troubles, words_of
from tests.nursery import Nursery, kill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
KILLS = int(os.environ.get("BONGSU_KILLS", "8"))
SEED = int(os.environ.get("BONGSU_SEED", "5"))
WORK = 0.3  # seconds of a processor: some six ticks
IDLE = 2  # pairs of deaths with nothing in flight, after which another shortage begins
WAITS = 5.0  # seconds at most that are waited for it
JOB, DIE = "tests.energy.racing.everything", "tests.energy.dying.begin"
FROM_OUTSIDE = "killed from outside"
SENDING = {"never_mined", "dup_cache", "wrong_txid", "larger_freeze"}
PATCHED = (
    "TRON_NODE_URL", "TRON_SECOND_NODE_URL", "TRON_SIGNER_SOCKET", "TRON_TIMEOUT", "MARKET_TIMEOUT",
    "WALLET_SERVICE_URL", "WALLET_SERVICE_TIMEOUT", "CATFEE_URL", "TRONSAVE_URL", "TRONZAP_URL",
)  # fmt: skip


@pytest.fixture
def mortals(settings, tmp_path):
    given = {name: getattr(settings, name) for name in PATCHED}
    with Nursery(JOB, given=given) as nursery:
        yield Mortals(nursery, tmp_path, random.Random(SEED))


@pytest.fixture
def quick(monkeypatch):
    """What the workers do too."""
    from energy.actions import withdrawals
    from energy.domain import settlement
    from energy.services import buying, moving, plans, rails, responding, resuming, settling

    second = timedelta(seconds=1)
    monkeypatch.setattr(withdrawals, "ARRIVES", second)
    monkeypatch.setattr(buying, "ARRIVES", second)
    monkeypatch.setattr(buying, "LATE", 2 * second)
    monkeypatch.setattr(buying, "GIVEN_UP", 6 * second)
    monkeypatch.setattr(moving, "PATIENCE", 1.0)
    monkeypatch.setattr(rails, "AGAIN", 2 * second)
    monkeypatch.setattr(resuming, "AGAIN", 2 * second)
    monkeypatch.setattr(plans, "AGAIN", 2 * second)
    monkeypatch.setattr(responding, "REPLAN", 2 * second)
    monkeypatch.setitem(settling.settle.__kwdefaults__, "lifetime", 3 * second)
    monkeypatch.setattr(settlement, "MARGIN", second)


class Mortals:
    """Workers of the nursery, and where each has died."""

    def __init__(self, nursery, graves, chance):
        self.nursery, self.graves, self.chance = nursery, graves, chance
        self.hunter, self.deaths, self.under = Hunter(chance), Counter(), Counter()
        self.idle = 0

    def born(self):
        """Two of three die on their way through the work, the third when it is seen to be at something."""
        seed, work = self.chance.randrange(10**9), WORK / 3 * self.chance.random()
        grave = self.graves / str(seed)
        if self.chance.random() < 1 / 3:
            return self.nursery.worker(), grave, work
        fate = {"epitaph": grave, "seed": seed, "deaths": dict(self.deaths)}
        return self.nursery.worker(DIE, **fate), grave, WORK

    def see_die(self, worker, grave, work, *, faults):
        """Who does not die by itself is killed while something is in flight."""
        hunt = self.hunter.lie_in_wait()
        kill(worker, after=work, within=WAITS, when=hunt.is_time)
        by_itself = grave.exists()
        self.deaths[grave.read_text() if by_itself else FROM_OUTSIDE] += 1
        if not by_itself:
            self.hunter.met.update(hunt.found.keys())
        if by_itself or hunt.found:
            self.under.update(faults)
        else:
            self.idle += 1


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
    block_ms, lag = chance.choice([(50, 4), (100, 10), (200, 10)])
    shop.act("pace", lag=lag, block_ms=block_ms)
    shop.http.post("/wallet-service/reset", json={})
    for name in MARKETS:
        shop.http.delete(f"/markets/{name}/book.json")
    shop.act("drain", account="spare", left_percent=chance.choice([0, 0, 2, 25]))
    shop.act("drain", account="treasury", left_percent=0)
    shop.act("drain", account="hot", left_percent=0.4)
    spent = {kind: spent_by(kind) for kind in ("energy.buy", "energy.stake")}
    budget = {
        "energy.buy": chance.choice([0, 40, 300, 300, 300]) * SUN,
        "energy.stake": chance.choice([0, 90_000, 900_000]) * SUN,
    }
    for kind, sun in budget.items():
        total = sun + spent[kind]
        Limits.objects.filter(kind=kind).update(
            action_cap_sun=sun // chance.choice([1, 3]), day_cap_sun=total, lifetime_cap_sun=total,
            cooldown=timedelta(0), second_above_sun=None,
        )  # fmt: skip
    own = chance.choice([None, None, 0, 150_000 * SUN])
    Wallet.objects.filter(pk=shop.treasury.pk).update(action_cap_sun=own)
    unstaking = chance.choice([0, 20_000, 60_000])
    if unstaking:
        shop.act("unstake", account="treasury", trx=unstaking)
    return budget, spent, unstaking * SUN


def ended(shop, last):
    """One process that lives brings all to their end; the energy comes back by itself if by nothing else.

    More than one, when the wallet was drained again after the first was over.
    """
    responses = Response.objects.filter(pk__gt=last)
    until(responses.exists)
    deadline = time.monotonic() + 5

    def over():
        if time.monotonic() > deadline:
            shop.act("rest", account="hot")
        open_ones = Action.objects.filter(state__in=OPEN).exists()
        pending = ChainTransaction.objects.open().exists()
        return not (responses.filter(ended_at=None).exists() or open_ones or pending)

    until(over, patience=150, pause=0.15)
    return list(responses)


def limited():
    """Which limits kept something from being done, so far."""
    found = Counter()
    for why in (Why.CAP_REACHED, Why.RESERVE):
        met = Response.objects.filter(steps__why=why, steps__action=None).distinct()
        found[str(why)] = met.count()
    return found


@pytest.mark.timeout(120 + 15 * KILLS)
def test_killed_anywhere_each_effect_is_one_or_none_and_within_the_budget(
    seeded, firm, mortals, quick, tell
):
    looking._prices.cache_clear()
    wallets = [firm.hot.pk, firm.treasury.pk, firm.spare.pk]
    Wallet.objects.exclude(pk__in=wallets).delete()
    EnergyPolicy.objects.create(resume_runway=timedelta(0), paused_for=timedelta(0))
    chance, ends, began = random.Random(SEED), Counter(), time.monotonic()
    troubles = Troubles(firm, chance)
    while mortals.deaths.total() < KILLS:
        last = Response.objects.aggregate(last=Max("pk"))["last"] or 0
        budget, spent, unstaking = begun(firm, chance)
        watch()
        watch()
        for _tick in range(chance.randint(0, 5)):  # so that deaths come to its end as well
            around()
        idle = 0
        for _life in range(chance.randint(6, 12)):
            if idle:
                hand = chance.choice(["drain", "rest"])
                firm.act(hand, account="hot", left_percent=0.4)  # so that there is something to do
            troubles.begin()
            workers = [mortals.born() for _ in range(2)]
            troubles.midway()
            for worker in workers:
                mortals.see_die(*worker, faults=troubles.on)
            idle = 0 if in_flight() else idle + 1
            leases_over()
            over = Response.objects.filter(pk__gt=last).exclude(ended_at=None).exists()
            if over or idle == IDLE:
                break
        troubles.ease()
        responses = ended(firm, last)
        troubles.calm()
        audit(firm, responses, budget, spent, unstaking=unstaking)
        ends.update(one.status for one in responses)
    firm.pace()
    kills, took = mortals.deaths.total(), time.monotonic() - began
    tell(f"seed {SEED}: {kills} kills in {ends.total()} responses, {dict(ends)}, {took:.0f} s")
    tell(f"died at {dict(by_step(mortals.deaths).most_common())}")
    tell(f"at {len(mortals.deaths)} points in all; {mortals.idle} with nothing in flight")
    tell(f"killed from outside with this in flight {dict(mortals.hunter.met.most_common())}")
    tell(f"limits that held {dict(limited())}")
    tell(f"met {dict(sorted(troubles.met.items()))}")
    tell(f"kills that met work while this was broken {dict(sorted(mortals.under.items()))}")
    unmet = {words_of(*one) for one in FAULTS} - {
        words for words, times in troubles.met.items() if times
    }
    tell(f"not met {sorted(unmet)}")


def test_every_fault_of_the_sandbox_is_drawn():
    """But for those of the second node that only who sends to it would meet."""
    drawn = {words_of(*one) for one in FAULTS}
    known = {f"tron {name}" for name in chain.NAMES}
    known |= {f"tron2 {name}" for name in set(chain.NAMES) - SENDING}
    known |= {f"wallet-service {name}" for name in withdrawals.FAULTS}
    known |= {f"markets/{market} {name}" for market in MARKETS for name in book.FAULTS}
    assert drawn == known
