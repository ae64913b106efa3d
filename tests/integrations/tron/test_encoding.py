"""Ids by our own encoder, against what real nodes made and against a second implementation."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tronpy import keys

from integrations.tron import (
    SUN,
    CancelUnfreezes,
    Delegate,
    Freeze,
    Signed,
    Tampered,
    Undelegate,
    Unfreeze,
    Unsigned,
    is_address,
)
from integrations.tron.contracts import LOCK_MAX
from tests.integrations.tron import second_opinion
from tests.integrations.tron.wire import OWNER, RECEIVER, TXID

PREFIX = "type.googleapis.com/protocol."
# The documentation's own answer of a Nile node to wallet/freezebalancev2.
FREEZE = {
    "contract": [
        {
            "parameter": {
                "value": {
                    "resource": "ENERGY",
                    "frozen_balance": 1_000_000_000,
                    "owner_address": "41dd791d6b49e190062d650e6a23c575510d35f2f9",
                },
                "type_url": f"{PREFIX}FreezeBalanceV2Contract",
            },
            "type": "FreezeBalanceV2Contract",
        }
    ],
    "ref_block_bytes": "283b",
    "ref_block_hash": "51bf0b88daaaea37",
    "expiration": 1_777_446_819_000,
    "timestamp": 1_777_446_761_432,
}
FREEZE_HEX = (
    "0a02283b220851bf0b88daaaea3740b8a9d8c0dd335a5b083612570a34747970652e676f6f676c65617069732e636f"
    "6d2f70726f746f636f6c2e467265657a6542616c616e63655632436f6e7472616374121f0a1541dd791d6b49e19006"
    "2d650e6a23c575510d35f2f9108094ebdc03180170d8e7d4c0dd33"
)
# The manual of TRON's wallet-cli: a delegation of bandwidth, locked, that is on the chain.
DELEGATE = {
    "contract": [
        {
            "parameter": {
                "value": {
                    "balance": 10_000_000,
                    "receiver_address": "419a9afe56e155ef0ff3f680d00ecf19deff60bdca",
                    "lock": True,
                    "owner_address": "4159e3741a68ec3e1ebba80ad809d5ccd31674236e",
                },
                "type_url": f"{PREFIX}DelegateResourceContract",
            },
            "type": "DelegateResourceContract",
        }
    ],
    "ref_block_bytes": "0000",
    "ref_block_hash": "19b59068c6058ff4",
    "expiration": 1_671_120_059_226,
    "timestamp": 1_671_098_459_216,
}
DELEGATE_HEX = (
    "0a020000220819b59068c6058ff440daf691b4d1305a720839126e0a35747970652e676f6f676c65617069732e636f"
    "6d2f70726f746f636f6c2e44656c65676174655265736f75726365436f6e747261637412350a154159e3741a68ec3e"
    "1ebba80ad809d5ccd31674236e1880ade2042215419a9afe56e155ef0ff3f680d00ecf19deff60bdca280170d0c8eb"
    "a9d130"
)

addresses = st.binary(min_size=20, max_size=20).map(
    lambda body: str(keys.to_base58check_address(b"\x41" + body))
)
amounts = st.integers(SUN, 2**63 - 1)
resources = st.sampled_from(["BANDWIDTH", "ENERGY"])
pairs = st.lists(addresses, min_size=2, max_size=2, unique=True)
locks = st.one_of(st.just((False, 0)), st.tuples(st.just(True), st.integers(0, LOCK_MAX)))
contracts = st.one_of(
    st.builds(Freeze, addresses, amounts, resources),
    st.builds(Unfreeze, addresses, st.integers(1, 2**63 - 1), resources),
    st.builds(
        lambda pair, amount, resource, lock: Delegate(pair[0], amount, resource, pair[1], *lock),
        pairs, amounts, resources, locks,
    ),
    st.builds(
        lambda pair, amount, resource: Undelegate(pair[0], amount, resource, pair[1]),
        pairs, amounts, resources,
    ),
    st.builds(CancelUnfreezes, addresses),
)  # fmt: skip
transactions = st.builds(
    lambda contract, permission, place, block, start, life: Unsigned(
        contract, permission, place.hex(), block.hex(), start + life, start
    ),
    contracts,
    st.integers(0, 9),
    st.binary(min_size=2, max_size=2),
    st.binary(min_size=8, max_size=8),
    st.integers(0, 4_000_000_000_000),
    st.integers(1, 86_400_000),
)


@pytest.mark.parametrize(("raw_data", "encoded"), [(FREEZE, FREEZE_HEX), (DELEGATE, DELEGATE_HEX)])
def test_what_real_nodes_encoded_comes_out_bit_for_bit(raw_data, encoded):
    read = Unsigned.read(raw_data)

    assert read.raw_bytes.hex() == encoded
    assert read.raw_data == raw_data
    assert second_opinion.encode(raw_data).hex() == encoded


def test_the_id_is_the_one_that_the_node_named():
    assert Unsigned.read(FREEZE).txid == TXID


@given(transactions)
def test_googles_protobuf_makes_the_same_bytes_of_every_transaction(unsigned):
    encoded = second_opinion.encode(unsigned.raw_data)

    assert encoded == unsigned.raw_bytes
    assert hashlib.sha256(encoded).hexdigest() == unsigned.txid


@given(transactions)
def test_what_is_written_is_read_back_as_it_was(unsigned):
    assert Unsigned.read(unsigned.raw_data) == unsigned
    signed = Signed(unsigned, "ab" * 65)
    assert Signed.read(signed.stored) == signed


def test_a_row_whose_id_is_of_another_transaction_is_never_sent():
    stored = Signed(Unsigned.read(FREEZE), "ab" * 65).stored
    stored["raw_data"]["contract"][0]["parameter"]["value"]["frozen_balance"] += 1

    with pytest.raises(Tampered):
        Signed.read(stored)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Freeze(OWNER, SUN - 1),
        lambda: Freeze(OWNER, 2**63),
        lambda: Freeze(OWNER, 5.0 * SUN),
        lambda: Freeze(OWNER, True),
        lambda: Freeze(OWNER, SUN, "TRON_POWER"),
        lambda: Freeze("T" + "1" * 33, SUN),
        lambda: Freeze(OWNER[:-1] + "W", SUN),
        lambda: Freeze("41dd791d6b49e190062d650e6a23c575510d35f2f9", SUN),
        lambda: Unfreeze(OWNER, 0),
        lambda: Delegate(OWNER, SUN, receiver=OWNER),
        lambda: Delegate(OWNER, SUN),
        lambda: Delegate(OWNER, SUN, receiver=RECEIVER, lock_blocks=1),
        lambda: Delegate(OWNER, SUN, receiver=RECEIVER, lock=True, lock_blocks=LOCK_MAX + 1),
        lambda: Delegate(OWNER, SUN, receiver=RECEIVER, lock=1),
        lambda: Undelegate(OWNER, -5, receiver=RECEIVER),
    ],
)
def test_what_the_chain_would_refuse_or_we_would_regret_cannot_be_said(wrong):
    with pytest.raises(ValueError):
        wrong()


def test_energy_is_meant_unless_bandwidth_is_said():
    assert Delegate(OWNER, SUN, receiver=RECEIVER).value["resource"] == "ENERGY"
    assert Freeze(OWNER, SUN).value["resource"] == "ENERGY"


@pytest.mark.parametrize(
    "text", ["", "T", OWNER.lower(), "0x" + "a" * 40, OWNER + " ", None, 5, OWNER.encode()]
)
def test_only_an_address_with_its_checksum_is_one(text):
    assert is_address(OWNER)
    assert not is_address(text)
