"""A node that makes another transaction of ours is found out before anything is signed."""

import contextlib

import pytest

from integrations.tron import Delegate, Freeze, NodeNonsense, Tampered, Unsigned, build
from integrations.tron.addresses import to_hex
from tests.integrations.tron.wire import OWNER, RECEIVER

STRANGER = "41" + "5a" * 20


def value(offered):
    return offered["raw_data"]["contract"][0]["parameter"]["value"]


def contract(offered):
    return offered["raw_data"]["contract"][0]


def other_contract(offered):
    contract(offered)["type"] = "TransferContract"
    contract(offered)["parameter"] = {
        "type_url": "type.googleapis.com/protocol.TransferContract",
        "value": {"owner_address": to_hex(OWNER), "to_address": STRANGER, "amount": 799_981},
    }


def another_of_ours(offered):
    contract(offered)["type"] = "UnDelegateResourceContract"
    contract(offered)["parameter"]["type_url"] = (
        "type.googleapis.com/protocol.UnDelegateResourceContract"
    )


TRICKS = {
    "another id": lambda offered: offered.update(txID="00" * 32),
    "no id": lambda offered: offered.pop("txID"),
    "a larger amount": lambda offered: value(offered).update(balance=6_000_000),
    "an amount that is a text": lambda offered: value(offered).update(balance="5000000"),
    "another receiver": lambda offered: value(offered).update(receiver_address=STRANGER),
    "another owner": lambda offered: value(offered).update(owner_address=STRANGER),
    "another resource": lambda offered: value(offered).pop("resource"),
    "a lock": lambda offered: value(offered).update(lock=True, lock_period=10_000_000),
    "an unknown field": lambda offered: value(offered).update(extra=1),
    "another permission": lambda offered: contract(offered).update(Permission_id=0),
    "no permission": lambda offered: contract(offered).pop("Permission_id"),
    "another contract": other_contract,
    "another of ours": another_of_ours,
    "another type's address": lambda offered: contract(offered)["parameter"].update(
        type_url="type.googleapis.com/protocol.TransferContract"
    ),
    "two contracts": lambda offered: offered["raw_data"]["contract"].append(contract(offered)),
    "no contract": lambda offered: offered["raw_data"].update(contract=[]),
    "a longer life": lambda offered: offered["raw_data"].update(expiration=9_999_999_999_999),
    "an hour more": lambda offered: offered["raw_data"].update(
        expiration=offered["raw_data"]["expiration"] + 3_600_000
    ),
    "another block": lambda offered: offered["raw_data"].update(ref_block_bytes="0000"),
    "a fee limit": lambda offered: offered["raw_data"].update(fee_limit=1_000_000_000),
    "a memo": lambda offered: offered["raw_data"].update(data="6869"),
    "scripts": lambda offered: offered["raw_data"].update(scripts="00"),
    "nothing": lambda offered: offered.clear(),
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_every_trick_is_refused_before_signing(wire, node, trick):
    def offer(offered):
        trick(offered)
        return offered

    wire.offer = offer

    with pytest.raises(Tampered):
        build(Delegate(OWNER, 5_000_000, receiver=RECEIVER), node=node, permission_id=2)


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_no_trick_with_an_id_of_its_own_goes_through(wire, node, trick):
    """The node that is consistent in its lie is found out by the fields, not by the id."""

    def offer(offered):
        trick(offered)
        with contextlib.suppress(Tampered, KeyError):
            offered["txID"] = Unsigned.read(offered["raw_data"]).txid
        return offered

    wire.offer = offer
    asked = Delegate(OWNER, 5_000_000, receiver=RECEIVER)
    if trick in {TRICKS["another id"], TRICKS["no id"]}:
        assert build(asked, node=node, permission_id=2).contract == asked
        return

    with pytest.raises(Tampered):
        build(asked, node=node, permission_id=2)


def test_an_honest_node_is_believed(node):
    asked = Delegate(OWNER, 5_000_000, receiver=RECEIVER)

    assert build(asked, node=node, permission_id=2).contract == asked


@pytest.mark.parametrize("code", ["PERMISSION_ERROR", "OTHER_ERROR"])
def test_a_permission_that_the_account_has_not_is_said_before_signing(wire, node, code):
    wire.permission_code = code

    with pytest.raises(NodeNonsense):
        build(Freeze(OWNER, 5_000_000), node=node, permission_id=7)
