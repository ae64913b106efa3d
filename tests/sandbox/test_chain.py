"""The simulated chain, met by the client that real people use."""

from decimal import Decimal

import pytest
import requests
from tronpy import Tron
from tronpy.exceptions import (
    BadSignature,
    TaposError,
    TransactionError,
    UnknownError,
    ValidationError,
)
from tronpy.keys import PrivateKey
from tronpy.providers import HTTPProvider

from sandbox.chain import addresses, cast, encoding
from sandbox.chain.accounts import DAY, SUN, WINDOW, Account
from sandbox.chain.actuators import ENERGY
from sandbox.chain.ledger import Chain, Transaction
from sandbox.chain.permissions import mask
from tests.integrations.tron.test_encoding import FREEZE, FREEZE_HEX
from tests.integrations.tron.wire import TXID

KEYS = {name: PrivateKey(addresses.key_named(name).secret) for name in cast.MEANS}
LIMITED = PrivateKey(addresses.key_named("treasury emergency").secret)
TREASURY, HOT = (addresses.shown(cast.address(name)) for name in ("treasury", "hot"))


@pytest.fixture
def chain(sandbox):
    sandbox.http.post("/chain/reset", json={}).raise_for_status()
    sandbox.http.delete("/tron/faults").raise_for_status()
    return sandbox


@pytest.fixture
def tron(chain):
    return Tron(HTTPProvider(f"{chain.url}/tron/", timeout=5, api_key="sandbox"))


def break_(chain, name, **options):
    chain.http.post("/tron/faults", json={"name": name, **options}).raise_for_status()


def state(chain, name):
    return chain.http.get("/chain.json").json()["accounts"][name]


def freeze(tron, sun, key=None, permission=0):
    built = tron.trx.freeze_balance(TREASURY, sun, "ENERGY")
    if permission:
        built = built.permission_id(permission)
    return built.build().sign(key or KEYS["treasury"])


def test_the_chain_and_the_documentation_of_real_nodes_agree_on_the_bytes():
    assert encoding.encode(FREEZE).hex() == FREEZE_HEX
    assert encoding.txid(encoding.encode(FREEZE)) == TXID


def test_freezing_gives_energy_in_the_next_block_and_a_receipt(chain, tron):
    before = state(chain, "treasury")

    sent = freeze(tron, 200_000 * SUN).broadcast()

    receipt = sent.wait(timeout=10, interval=0.3)
    after = state(chain, "treasury")
    assert "result" not in receipt
    assert receipt["receipt"] == {"net_usage": receipt["receipt"]["net_usage"]}
    assert after["balance"] == before["balance"] - 200_000 * SUN
    assert after["limit"] - before["limit"] == pytest.approx(200_000 * 9.424, rel=0.005)


def test_the_account_and_its_resources_read_as_those_of_a_real_node(chain, tron):
    chain.http.post("/chain/drain", json={"account": "hot", "left_percent": 4}).raise_for_status()

    account, resources = tron.get_account(HOT), tron.get_account_resource(HOT)

    assert account["frozenV2"][0] == {}, "that for bandwidth has no type, and zero is not written"
    assert account["frozenV2"][1] == {"type": "ENERGY", "amount": 1_100_000 * SUN}
    assert tron.get_account_balance(HOT) == Decimal(60_000)
    assert account["account_resource"]["energy_window_optimized"] is True
    assert resources["TotalEnergyLimit"] == 180_000_000_000
    left = resources["EnergyLimit"] - resources["EnergyUsed"]
    assert left / resources["EnergyLimit"] == pytest.approx(0.04, abs=0.001)
    assert "EnergyUsed" not in tron.get_account_resource(TREASURY)


@pytest.mark.parametrize(
    ("sun", "error", "said"),
    [
        (999_999, ValidationError, "greater than or equal to 1 TRX"),
        (3_000_000 * SUN, ValidationError, "less than or equal to accountBalance"),
    ],
)
def test_amounts_that_cannot_be_frozen_are_refused_in_the_nodes_words(tron, sun, error, said):
    with pytest.raises(error, match=said):
        freeze(tron, sun).broadcast()


def test_a_second_time_is_a_duplicate(tron):
    transaction = freeze(tron, SUN)
    transaction.broadcast()

    with pytest.raises(UnknownError) as refused:
        transaction.broadcast()

    assert refused.value.args[1] == "DUP_TRANSACTION_ERROR"


def test_a_changed_amount_and_a_strange_key_are_refused(tron):
    changed = freeze(tron, SUN)
    changed._raw_data["contract"][0]["parameter"]["value"]["frozen_balance"] = 2 * SUN
    with pytest.raises(BadSignature):
        changed.broadcast()

    strange = tron.trx.freeze_balance(TREASURY, SUN, "ENERGY").build()
    strange._permission = None
    with pytest.raises(BadSignature, match="not contained of permission"):
        strange.sign(KEYS["hot"]).broadcast()


def test_a_key_that_may_only_stake_cannot_transfer(tron):
    freeze(tron, SUN, LIMITED, permission=cast.EMERGENCY).broadcast()

    transfer = tron.trx.transfer(TREASURY, HOT, SUN).permission_id(cast.EMERGENCY).build()
    transfer._permission = None
    with pytest.raises(BadSignature, match="Permission denied"):
        transfer.sign(LIMITED).broadcast()


def test_what_has_expired_or_lives_too_long_or_stands_on_another_chain_is_refused(tron):
    late = tron.trx.freeze_balance(TREASURY, SUN, "ENERGY").expiration(90_000_000).build()
    with pytest.raises(TransactionError, match="expired"):
        late.sign(KEYS["treasury"]).broadcast()

    elsewhere = tron.trx.freeze_balance(TREASURY, SUN, "ENERGY")
    elsewhere = elsewhere.build()
    elsewhere._raw_data["ref_block_hash"] = "00" * 8
    elsewhere.txid = encoding.txid(encoding.encode(elsewhere._raw_data))
    with pytest.raises(TaposError):
        elsewhere.sign(KEYS["treasury"]).broadcast()


def test_energy_is_delegated_used_and_taken_back_with_its_share_of_the_use(chain, tron):
    sun = 100_000 * SUN
    before = state(chain, "hot")["limit"]
    lend = tron.trx.delegate_resource(TREASURY, HOT, sun, "ENERGY").build().sign(KEYS["treasury"])
    lend.broadcast().wait(timeout=10, interval=0.3)
    assert state(chain, "hot")["limit"] > before
    assert tron.get_delegated_resource_v2(TREASURY, HOT)["delegatedResource"][0]["to"] == HOT

    chain.http.post("/chain/drain", json={"account": "hot", "left_percent": 0}).raise_for_status()
    used = state(chain, "hot")["used"]
    back = tron.trx.undelegate_resource(TREASURY, HOT, sun, "ENERGY").build()
    back.sign(KEYS["treasury"]).broadcast().wait(timeout=10, interval=0.3)

    assert state(chain, "hot")["used"] < used, "a part of the use went back with the stake"
    assert state(chain, "treasury")["used"] > 0
    assert state(chain, "hot")["acquired"] == 0


def test_more_than_what_is_idle_cannot_be_delegated(tron):
    lend = tron.trx.delegate_resource(TREASURY, HOT, 400_001 * SUN, "ENERGY").build()
    with pytest.raises(ValidationError, match="available FreezeEnergyV2"):
        lend.sign(KEYS["treasury"]).broadcast()
    assert tron.get_can_delegated_max_size(TREASURY) == {"max_size": 400_000 * SUN}


def test_cancelling_unstakes_gives_their_energy_back_at_once(chain, tron):
    unstake = tron.trx.unfreeze_balance(TREASURY, unfreeze_balance=150_000 * SUN).build()
    unstake.sign(KEYS["treasury"]).broadcast().wait(timeout=10, interval=0.3)
    assert state(chain, "treasury")["unstaking"] == 150_000 * SUN
    lost = state(chain, "treasury")["limit"]

    owner = {"owner_address": cast.address("treasury")}
    cancel = tron.trx._build_transaction("CancelAllUnfreezeV2Contract", owner).build()
    cancel.sign(KEYS["treasury"]).broadcast().wait(timeout=10, interval=0.3)

    assert state(chain, "treasury")["unstaking"] == 0
    assert state(chain, "treasury")["limit"] > lost


def test_faults_strike_as_often_as_they_were_told(chain, tron):
    break_(chain, "error_body", match="getaccountresource", count=1)
    assert tron.get_energy(HOT) == 0, (
        "tronpy takes the error for nothing left: why we do not ask it"
    )
    assert tron.get_energy(HOT) > 0

    for name, status in (("limited", 429), ("unavailable", 503)):
        break_(chain, name, count=1)
        with pytest.raises(requests.HTTPError, match=str(status)):
            tron.get_node_info()

    assert chain.http.post("/tron/faults", json={"name": "nonsense"}).status_code == 400


def test_a_lost_reply_has_landed_and_one_never_mined_has_not(chain, tron):
    break_(chain, "lose_reply", match="broadcast", count=1)
    lost = freeze(tron, SUN)
    with pytest.raises(requests.RequestException):
        lost.broadcast()
    with pytest.raises(UnknownError, match="Dup"):
        lost.broadcast()

    break_(chain, "never_mined", count=1)
    gone = freeze(tron, 2 * SUN)
    gone.broadcast()
    assert (
        chain.http.post("/tron/wallet/gettransactioninfobyid", json={"value": gone.txid}).json()
        == {}
    )


def test_a_hostile_node_offers_another_hash(chain, tron):
    break_(chain, "wrong_txid")
    built = tron.trx.freeze_balance(TREASURY, SUN, "ENERGY").build()

    assert built.txid != encoding.txid(encoding.encode(built._raw_data))


def test_a_fork_takes_back_what_was_not_solid(chain, tron):
    before = state(chain, "treasury")["balance"]
    sent = freeze(tron, 5 * SUN).broadcast()
    sent.wait(timeout=10, interval=0.3)

    chain.http.post("/chain/fork", json={}).raise_for_status()

    assert state(chain, "treasury")["balance"] == before
    assert (
        chain.http.post("/tron/wallet/gettransactioninfobyid", json={"value": sent["txid"]}).json()
        == {}
    )


def test_what_a_market_delegated_comes_back_after_a_fork():
    """As its owner sends it again; the company's own transaction is lost."""
    at = [1_800_000_000_000]
    chain = Chain(now=lambda: at[0])
    cast.begin(chain)
    market, hot, treasury = (cast.address(name) for name in ("market", "hot", "treasury"))
    chain.rent(market, hot, 65_000, until=at[0] + 3_600_000)
    once = chain.accounts[hot].acquired
    assert chain.reorganise() == 0

    value = {"owner_address": treasury, "frozen_balance": 5 * SUN, "resource": ENERGY}
    stake = Transaction("a", "FreezeBalanceV2Contract", value, {}, 270, at[0] + 60_000, [])
    chain.known["a"] = chain.pending["a"] = stake
    at[0] += 6_000
    chain.rent(market, hot, 65_000, until=at[0] + 3_600_000)
    assert chain.accounts[treasury].staked == 400_005 * SUN
    assert chain.reorganise() == 1

    assert chain.accounts[treasury].staked == 400_000 * SUN
    assert chain.accounts[hot].acquired == pytest.approx(2 * once, rel=0.001)
    assert sum(chain.accounts[market].delegated.values()) == chain.accounts[hot].acquired
    assert len(chain.rentals) == 2


def test_a_receipt_can_say_that_it_failed(chain, tron):
    chain.http.post("/chain/fail", json={"count": 1}).raise_for_status()

    receipt = freeze(tron, SUN).broadcast().wait(timeout=10, interval=0.3)

    assert receipt["result"] == "FAILED"


def test_steady_use_settles_at_half_a_day_and_a_window_of_half_a_day():
    """What java-tron's merging of windows converges to."""
    account, hourly = Account("41" + "0" * 40), 10_000
    for slot in range(0, 10 * DAY, 100):
        account.use(hourly * 100 // 1200, slot)

    assert account.used == pytest.approx(hourly * 24 * 0.5, rel=0.01)
    assert account.window == pytest.approx(DAY * WINDOW * 0.5, rel=0.01)
    assert account.usage(slot + account.window // WINDOW // 2) == pytest.approx(
        account.used / 2, rel=0.01
    )


def test_masks_are_those_of_the_documentation():
    assert mask(54) == "0000000000004000" + "0" * 48
    assert mask(54, 57, 58, 59).startswith("000000000000400e")
