"""Our node, our transactions and our signer as they run, on the sandbox's chain.

It encodes, verifies and refuses by code of its own, so that one mistake cannot hide in both.
"""

import time
from collections.abc import Iterator

import pytest
from tronpy import Tron
from tronpy.keys import PrivateKey
from tronpy.providers import HTTPProvider

from integrations.tron import (
    SUN,
    CancelUnfreezes,
    Delegate,
    Freeze,
    Node,
    NodeError,
    NodeLimited,
    NodeNonsense,
    NodeStale,
    NodeUnreachable,
    Signed,
    Tampered,
    Undelegate,
    build,
    sign,
)
from sandbox.chain import addresses, cast
from tests.integrations.tron.test_signer import Running
from tests.sandbox.conftest import Sandbox

TREASURY, HOT = (addresses.shown(cast.address(name)) for name in ("treasury", "hot"))


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.wait_until_it_answers()
    yield sandbox
    sandbox.end()


@pytest.fixture
def chain(world):
    world.http.post("/chain/reset", json={}).raise_for_status()
    world.http.post("/chain/pace", json={"lag": 1}).raise_for_status()
    world.http.delete("/tron/faults").raise_for_status()
    return world


@pytest.fixture
def node(chain) -> Node:
    return Node(f"{chain.url}/tron", seconds=2)


@pytest.fixture
def signer(chain, tmp_path_factory, settings) -> Iterator[Running]:
    """With nothing configured: the sandbox's own keys, asked about on its chain."""
    running = Running(chain, tmp_path_factory.mktemp("signer"))
    running.extra = {"SANDBOX_PORT": str(chain.port), "TRON_KEY": "", "TRON_NODE_URL": ""}
    running.extra |= {"TRON_SIGNER_OWNERS": f"{TREASURY},{HOT}", "TRON_SIGNER_RECEIVERS": HOT}
    settings.TRON_SIGNER_SOCKET = str(running.socket)
    running.start()
    yield running
    running.kill()


def break_(chain, name, **options):
    chain.http.post("/tron/faults", json={"name": name, **options}).raise_for_status()


def receipt(node, txid, *, solid=True):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if found := node.receipt(txid, solid=solid):
            return found
        time.sleep(0.3)
    raise AssertionError("no receipt")


def carried_out(node, contract):
    signed = sign(build(contract, node=node, permission_id=2))
    assert node.broadcast(signed).accepted
    return receipt(node, signed.txid)


def test_what_is_read_agrees_with_itself(node):
    account, resources, prices = node.account(HOT), node.resources(HOT), node.prices()

    trx = (account.staked_energy_sun + account.borrowed_energy_sun) // SUN
    limit = trx * resources.total_energy_limit // resources.total_energy_weight
    assert abs(limit - resources.energy_limit) <= limit // 100
    assert (account.balance_sun, prices.energy_sun) == (60_000 * SUN, 100)
    assert node.solid_head().number <= node.head().number
    assert node.account(TREASURY).permissions[1].operations == {54, 57, 58, 59}


def test_staking_lending_and_taking_back_through_the_signer(node, signer):
    before, energy = node.account(TREASURY), node.resources(TREASURY).energy_limit

    assert carried_out(node, Freeze(TREASURY, 200_000 * SUN)).ok

    after = node.account(TREASURY)
    assert after.staked_energy_sun - before.staked_energy_sun == 200_000 * SUN
    assert before.balance_sun - after.balance_sun == 200_000 * SUN
    assert node.resources(TREASURY).energy_limit > energy

    lent = min(node.delegatable(TREASURY), 100_000 * SUN)
    assert carried_out(node, Delegate(TREASURY, lent, receiver=HOT)).ok
    assert node.account(HOT).borrowed_energy_sun == lent
    assert node.account(TREASURY).lent_energy_sun == lent

    assert carried_out(node, Undelegate(TREASURY, lent, receiver=HOT)).ok
    assert node.account(HOT).borrowed_energy_sun == 0


def test_pending_unstakes_are_cancelled_through_the_signer(chain, node, signer):
    tron = Tron(HTTPProvider(f"{chain.url}/tron/", timeout=5, api_key="sandbox"))
    own = PrivateKey(addresses.key_named("treasury").secret)
    unstake = tron.trx.unfreeze_balance(TREASURY, "ENERGY", unfreeze_balance=50_000 * SUN)
    unstake.build().sign(own).broadcast().wait()
    assert node.account(TREASURY).unfreezing[0].amount_sun == 50_000 * SUN

    assert carried_out(node, CancelUnfreezes(TREASURY)).ok

    assert node.account(TREASURY).unfreezing == ()


def test_a_failed_receipt_says_so(chain, node, signer):
    chain.http.post("/chain/fail", json={"count": 1}).raise_for_status()

    assert not carried_out(node, Freeze(TREASURY, 5 * SUN)).ok


def test_the_same_bytes_have_their_effect_once(node, signer):
    before = node.account(TREASURY).balance_sun
    signed = sign(build(Freeze(TREASURY, 7 * SUN), node=node, permission_id=2))
    again = Signed.read(signed.stored)

    assert node.broadcast(signed).accepted
    receipt(node, signed.txid)
    second = node.broadcast(again)

    assert (second.accepted, second.code) == (False, "DUP_TRANSACTION_ERROR")
    assert before - node.account(TREASURY).balance_sun == 7 * SUN


def test_a_lost_reply_may_have_arrived_and_did(chain, node, signer):
    signed = sign(build(Freeze(TREASURY, 9 * SUN), node=node, permission_id=2))
    break_(chain, "lose_reply", match="broadcast", count=1)

    with pytest.raises(NodeUnreachable) as lost:
        node.broadcast(signed)

    assert lost.value.maybe_arrived
    assert receipt(node, signed.txid).ok


def test_what_was_taken_and_never_mined_has_no_receipt(chain, node, signer):
    signed = sign(build(Freeze(TREASURY, 9 * SUN), node=node, permission_id=2))
    break_(chain, "never_mined", count=1)
    assert node.broadcast(signed).accepted
    number = node.head().number

    while node.head().number < number + 2:
        time.sleep(0.3)

    assert node.receipt(signed.txid, solid=False) is None


def test_a_signature_of_nobody_is_refused_with_the_nodes_code(node):
    unsigned = build(Freeze(TREASURY, 9 * SUN), node=node, permission_id=2)

    assert node.broadcast(Signed(unsigned, "11" * 64 + "00")).code == "SIGERROR"


@pytest.mark.parametrize("fault", ["wrong_txid", "larger_freeze"])
def test_a_node_that_offers_another_transaction_is_found_out(chain, node, fault):
    break_(chain, fault)

    with pytest.raises(Tampered):
        build(Freeze(TREASURY, 9 * SUN), node=node, permission_id=2)


READS = [
    lambda node: node.resources(HOT),
    lambda node: node.account(HOT),
    lambda node: node.head(),
    lambda node: node.solid_head(),
    lambda node: node.prices(),
]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("error_body", NodeNonsense),
        ("empty", NodeNonsense),
        ("forbidden", NodeLimited),
        ("limited", NodeLimited),
        ("unavailable", NodeLimited),
        ("lose_reply", NodeUnreachable),
    ],
)
def test_no_fault_of_a_node_is_ever_a_number(chain, node, fault, expected):
    break_(chain, fault)

    for read in READS:
        with pytest.raises(expected):
            read(node)


def test_a_slow_node_is_left(chain):
    break_(chain, "slow", delay=5)

    with pytest.raises(NodeUnreachable):
        Node(f"{chain.url}/tron", seconds=0.2).resources(HOT)


@pytest.mark.parametrize(
    ("fault", "read", "expected"),
    [("stale", READS[2], NodeStale), ("totals_missing", READS[0], NodeNonsense)],
)
def test_a_stale_or_incomplete_answer_does_not_count(chain, node, fault, read, expected):
    break_(chain, fault)

    with pytest.raises(expected):
        read(node)


def test_two_nodes_answer_of_one_chain(chain, node):
    break_(chain, "error_body")
    second = Node(f"{chain.url}/tron2/", seconds=2)

    with pytest.raises(NodeError):
        node.resources(HOT)

    assert second.resources(HOT).energy_limit > 0


def test_the_signer_refuses_the_owners_own_key(chain, tmp_path_factory):
    running = Running(chain, tmp_path_factory.mktemp("signer"))
    own = addresses.key_named("treasury").secret.hex()
    running.extra = {"SANDBOX_PORT": str(chain.port), "TRON_KEY": own, "TRON_NODE_URL": ""}
    running.extra |= {"TRON_SIGNER_OWNERS": TREASURY}

    assert "the account's own" in running.refuses_to_start()
