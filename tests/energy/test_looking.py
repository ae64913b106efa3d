"""A look at a wallet over the wire: the sandbox's chain, well and in every way gone wrong."""

from datetime import timedelta

import pytest

from config.seeds.energy import WALLETS
from core import clock
from energy.domain.measuring import SUN, Failed, Fault, Measured
from energy.domain.states import Level, State
from energy.looking import look
from energy.models import Reading, Wallet
from energy.services import watch
from monitoring.models import Alert
from sandbox.chain import addresses, cast
from tests.energy.wallets import USDT

HOT = addresses.shown(cast.address("hot"))


def break_(chain, name, node="tron", **options):
    chain.http.post(f"/{node}/faults", json={"name": name, **options}).raise_for_status()


def test_the_seeds_watch_the_sandboxes_wallets():
    ours = {addresses.shown(cast.address(name)) for name in ("hot", "treasury", "spare")}

    assert {wallet.address for wallet in WALLETS} == ours


def test_a_look_agrees_with_the_chain(chain):
    chain.http.post("/chain/drain", json={"account": "hot", "left_percent": 40}).raise_for_status()

    found = look(HOT)

    assert isinstance(found, Measured), found
    assert found.left / found.limit == pytest.approx(0.4, abs=0.01)
    assert found.seen.staked_sun == 1_100_000 * SUN
    assert found.seen.energy_fee_sun == 100


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("error_body", Fault.NONSENSE), ("empty", Fault.NONSENSE),
        ("forbidden", Fault.UNREACHABLE), ("limited", Fault.UNREACHABLE),
        ("unavailable", Fault.UNREACHABLE), ("stale", Fault.STALE_HEAD),
        ("totals_missing", Fault.NONSENSE), ("limit_wrong", Fault.LIMIT_DIFFERS),
    ],
)  # fmt: skip
def test_a_node_in_trouble_measures_nothing(chain, name, fault):
    break_(chain, name)

    found = look(HOT)

    assert isinstance(found, Failed)
    assert found.fault == fault


def test_a_slow_node_is_given_up(chain, settings):
    settings.TRON_TIMEOUT = 0.3
    break_(chain, "slow", delay=2)

    found = look(HOT)

    assert isinstance(found, Failed)
    assert found.fault == Fault.UNREACHABLE


def test_an_address_the_chain_never_saw_is_no_empty_wallet(chain):
    assert isinstance(look(USDT), Failed)


def test_a_second_node_has_to_agree(chain, settings):
    settings.TRON_SECOND_NODE_URL = f"{chain.url}/tron2/"
    assert isinstance(look(HOT), Measured)

    break_(chain, "limit_wrong", node="tron2")

    assert isinstance(look(HOT), Failed)


@pytest.mark.django_db
def test_a_drain_on_the_chain_is_told_and_its_end_too(chain):
    Wallet.objects.create(name="hot", address=HOT)

    for left in (60, 15, 4, 0.5, 0.5):
        tick(chain, left)

    wallet = Wallet.objects.get()
    assert (wallet.level, wallet.confirmed) == (Level.CRITICAL, Level.CRITICAL)
    assert Alert.objects.filter(resolved_at=None).count() == 3
    chain.http.post("/chain/rest", json={"account": "hot"}).raise_for_status()
    tick(chain), tick(chain)
    assert Wallet.objects.get().state == State.OK
    assert not Alert.objects.filter(resolved_at=None).exists()
    assert Reading.objects.valid().count() == 7


def tick(chain, left=None):
    if left is not None:
        body = {"account": "hot", "left_percent": left}
        chain.http.post("/chain/drain", json=body).raise_for_status()
    Wallet.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert watch(at=clock.now()) == 1
