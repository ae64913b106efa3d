"""One effect or none, whatever dies: the real chain of the sandbox, a real signer, real processes."""

import math
import random
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refused
from energy.domain.settlement import LEASE, State
from energy.models import ChainTransaction, Role, Wallet
from energy.services import plan_transaction, settle, settle_open
from integrations.tron import SUN, Delegate, Freeze
from tests.energy.dying import POINTS
from tests.nursery import Nursery, kill
from tests.racers import Racers

pytestmark = pytest.mark.django_db(transaction=True)
JOB, DIE = "tests.energy.racing.settle_once", "tests.energy.dying.at"
WORK = 0.1  # seconds of a processor
AMOUNT = 1_000 * SUN
PATIENCE = 30.0


@pytest.fixture
def treasury(company):
    address = company.account("treasury")["address"]
    return Wallet.objects.create(name="treasury", address=address, role=Role.TREASURY)


def planned(treasury, key="stake", sun=AMOUNT):
    stake = Freeze(treasury.address, sun)
    return plan_transaction(stake, wallet=treasury, key=key, at=clock.now())


def over(company, row, **how):
    """Settled by one process that lives; its final state."""
    until = time.monotonic() + PATIENCE
    while not settle(row, node=company.node, at=clock.now(), **how):
        assert time.monotonic() < until, f"{row.state}: {row.error}"
        time.sleep(0.1)
    return State(row.state)


def staked(company):
    return company.account("treasury")["staked"] - 400_000 * SUN


def test_a_stake_is_signed_sent_mined_and_settled_by_its_solid_receipt(company, treasury):
    row = planned(treasury)

    assert over(company, row) is State.DONE

    assert staked(company) == AMOUNT
    assert row.block is not None
    assert row.sent_at is not None
    assert row.stored["txID"] == row.txid


def test_the_same_key_is_the_same_intent_and_another_has_to_wait(company, treasury):
    row = planned(treasury)

    assert planned(treasury) == row
    with pytest.raises(Refused):
        planned(treasury, key="another")
    with pytest.raises(Refused):
        planned(treasury, sun=2 * AMOUNT)
    over(company, row)
    assert planned(treasury) == row, "also when it is long over"
    assert planned(treasury, key="another").state == State.PLANNED


def test_the_database_itself_keeps_a_second_one_from_being_open(treasury):
    planned(treasury)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainTransaction.objects.create(
            key="x",
            wallet=treasury,
            contract="c",
            value={},
            permission_id=2,
            planned_at=clock.now(),
        )


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "lose_reply", "match": "broadcast", "count": 1},
        {"name": "never_mined", "count": 1},
        {"name": "dup_cache", "count": 1},
        {"name": "unavailable", "count": 4},
        {"name": "error_body", "count": 3},
        {"name": "stale", "count": 2},
    ],
    ids=lambda fault: fault["name"],
)
def test_a_node_that_is_wrong_for_a_while_costs_time_and_no_second_stake(company, treasury, fault):
    row = planned(treasury)
    company.break_(**fault)

    assert over(company, row) is State.DONE

    assert staked(company) == AMOUNT


@pytest.mark.parametrize("fault", ["wrong_txid", "larger_freeze"])
def test_a_hostile_node_gets_no_signature(company, treasury, fault):
    company.break_(fault)
    row = planned(treasury)

    assert over(company, row) is State.DEAD

    assert row.txid is None
    assert "is not" in row.error or "another transaction" in row.error
    assert staked(company) == 0


def test_what_is_never_mined_is_dead_only_when_it_cannot_land_any_more(company, treasury):
    company.break_("never_mined")
    row = planned(treasury)

    assert over(company, row, lifetime=timedelta(seconds=2)) is State.DEAD

    assert company.node.solid_head().at > row.expires_at + timedelta(seconds=6)
    assert staked(company) == 0
    assert planned(treasury, key="next").state == State.PLANNED, "the wallet is free again"


def test_a_receipt_that_failed_is_a_failure_and_not_tried_again(company, treasury):
    company.act("fail", count=1)
    row = planned(treasury)

    assert over(company, row) is State.FAILED

    assert row.error
    assert staked(company) == 0


def test_a_fork_loses_the_transaction_and_the_same_bytes_land_again(company, treasury):
    company.act("pace", lag=30)
    try:
        row = planned(treasury)
        while row.state != State.SENT or company.node.receipt(row.txid, solid=False) is None:
            settle(row, node=company.node, at=clock.now())
        txid = row.txid
        company.act("fork")
        assert staked(company) == 0
    finally:
        company.pace()

    assert over(company, row) is State.DONE
    assert row.txid == txid
    assert staked(company) == AMOUNT


def test_a_plan_whose_maker_died_before_signing_is_given_up(company, treasury):
    row = planned(treasury)

    settle(row, node=company.node, at=clock.now() + LEASE)

    assert row.state == State.DEAD
    assert over(company, row) is State.DEAD
    assert staked(company) == 0


def test_lending_and_staking_go_the_same_way(company, treasury):
    hot = company.account("hot")["address"]
    lend = Delegate(treasury.address, AMOUNT, receiver=hot)
    row = plan_transaction(lend, wallet=treasury, key="lend", at=clock.now())

    assert over(company, row) is State.DONE
    assert company.account("hot")["acquired"] == AMOUNT


def test_two_workers_at_one_plan_stake_once(company, treasury):
    """Without the compare-and-set in `_sign` both signatures were kept in turn, and both were sent."""
    given = {"url": company.url, "socket": str(company.socket)}
    with Racers(JOB, JOB, seed=7) as racers:
        for number in range(8):
            row = planned(treasury, key=f"race {number}")
            racers.race(given, given)
            racers.race(given, given)
            assert over(company, row) is State.DONE
            assert staked(company) == (number + 1) * AMOUNT


@pytest.mark.parametrize("seed", range(12))
def test_killed_anywhere_under_any_fault_there_is_one_stake_or_none(company, treasury, seed):
    chance = random.Random(seed)
    faults = (None, "lose_reply", "never_mined", "dup_cache", "unavailable", "slow")
    if fault := faults[seed % len(faults)]:
        company.break_(fault, count=chance.randint(1, 3), delay=0.2)
    with Nursery(JOB, url=company.url, socket=str(company.socket)) as nursery:
        workers = [nursery.worker(), nursery.worker()]

        row = planned(treasury)
        for worker in workers:
            kill(worker, after=chance.random() * WORK)
    company.calm()

    row.refresh_from_db()
    died_in = row.state
    found = over(company, row)
    assert (found, staked(company)) in {(State.DONE, AMOUNT), (State.DEAD, 0)}, died_in
    assert settle_open(node=company.node, at=clock.now()) == 0


PAIRS = [
    (point, fault)
    for point in POINTS
    for fault in ("", "lose_reply", "never_mined")
    if (point, fault) != ("sent and committed", "lose_reply")  # without an answer it is not
]


@pytest.mark.parametrize(("point", "fault"), PAIRS)
def test_killed_at_each_point_under_each_fault_there_is_one_stake(
    company, treasury, tmp_path, point, fault
):
    grave = tmp_path / "grave"
    with Nursery(JOB, url=company.url, socket=str(company.socket)) as nursery:
        row = planned(treasury)
        if fault:
            company.break_(fault, match="broadcast" if fault == "lose_reply" else "", count=1)
        kill(nursery.worker(DIE, point=point, epitaph=grave), after=math.inf, within=PATIENCE)

    assert grave.read_text() == point
    row.refresh_from_db()
    assert row.state == POINTS[point][-1]
    assert over(company, row) is State.DONE
    assert staked(company) == AMOUNT
    assert len(company.http.get("/chain.json").json()["transactions"]) == 1
