"""Every trap of real nodes, over a socket: an error is never a zero."""

import time
from datetime import timedelta

import pytest

from integrations.tron import (
    Freeze,
    Node,
    NodeError,
    NodeLimited,
    NodeNonsense,
    NodeStale,
    NodeUnreachable,
    Signed,
    Unfreezing,
    build,
)
from integrations.tron.facts import moment
from tests.integrations.tron.wire import BLOCK, OWNER, RECEIVER, TXID, block
from tests.server import servers

READS = {
    "wallet/getaccountresource": lambda node: node.resources(OWNER),
    "wallet/getaccount": lambda node: node.account(OWNER),
    "wallet/getnowblock": lambda node: node.head(),
    "walletsolidity/getnowblock": lambda node: node.solid_head(),
    "wallet/getchainparameters": lambda node: node.prices(),
    "wallet/getcandelegatedmaxsize": lambda node: node.delegatable(OWNER),
    "walletsolidity/gettransactioninfobyid": lambda node: node.receipt(TXID),
}
reads = pytest.mark.parametrize(("method", "read"), READS.items(), ids=READS)


def test_resources_are_read_as_they_are(node):
    resources = node.resources(OWNER)

    assert resources.energy_left == 5685
    assert (resources.energy_limit, resources.total_energy_weight) == (473_684, 19_018_684_711)


def test_zeros_that_the_node_leaves_out_are_zeros(wire, node):
    del wire.answers["wallet/getaccountresource"]["EnergyUsed"]

    assert node.resources(OWNER).energy_used == 0


def test_more_used_than_there_is_leaves_nothing_and_not_less(wire, node):
    wire.answers["wallet/getaccountresource"]["EnergyUsed"] = 999_999

    assert node.resources(OWNER).energy_left == 0


def test_an_account_is_read_with_what_is_staked_lent_waiting_and_permitted(node):
    account = node.account(OWNER)

    assert account.balance_sun == 1_000_000_000_000
    assert account.staked_energy_sun == 50_000_000_000
    assert (account.lent_energy_sun, account.borrowed_energy_sun) == (7_000_000, 9_000_000)
    assert account.energy_window_seconds == 86_400
    assert account.unfreezing == (
        Unfreezing("ENERGY", 3_000_000, moment(1_778_656_361_000)),
    )  # fmt: skip
    owner, active = account.permissions
    assert owner.operations is None
    assert active.operations == {54, 57, 58, 59}
    assert active.keys == {RECEIVER: 1}


def test_heads_prices_lots_and_receipts(node):
    assert node.head().number == BLOCK
    assert node.solid_head().number == BLOCK - 19
    assert node.prices().energy_sun == 100
    assert node.delegatable(OWNER) == 1_200_000_000
    receipt = node.receipt(TXID)
    assert receipt is not None
    assert (receipt.ok, receipt.fee_sun, receipt.block) == (True, 268_000, BLOCK)


def test_a_receipt_that_failed_says_so(wire, node):
    wire.answers["walletsolidity/gettransactioninfobyid"] |= {
        "result": "FAILED",
        "resMessage": b"out of stake".hex(),
    }

    receipt = node.receipt(TXID)

    assert (receipt.ok, receipt.message) == (False, "out of stake")


def test_no_receipt_yet_is_none(wire, node):
    wire.answers["walletsolidity/gettransactioninfobyid"] = {}

    assert node.receipt(TXID) is None


def test_what_is_no_id_is_not_asked_for(wire, node):
    with pytest.raises(NodeNonsense):
        node.receipt(TXID.upper())

    assert not wire.calls


@reads
@pytest.mark.parametrize(
    "answer",
    [
        {"Error": "class java.lang.NullPointerException : null"},
        {"Error": "class java.lang.NullPointerException : null", "EnergyLimit": 5},
        [],
        b"<html>busy</html>",
        b"",
        b"null",
    ],
    ids=str,
)
def test_an_error_with_status_200_is_an_error(wire, node, method, read, answer):
    wire.answers[method] = answer

    with pytest.raises(NodeNonsense):
        read(node)


@pytest.mark.parametrize("method", list(READS)[:5])
def test_an_empty_answer_is_nonsense(wire, node, method):
    wire.answers[method] = {}

    with pytest.raises(NodeNonsense):
        READS[method](node)


@pytest.mark.parametrize("missing", ["TotalEnergyLimit", "TotalEnergyWeight"])
def test_resources_without_the_totals_do_not_count(wire, node, missing):
    del wire.answers["wallet/getaccountresource"][missing]

    with pytest.raises(NodeNonsense):
        node.resources(OWNER)


@pytest.mark.parametrize("wrong", ["5", 5.0, True, -1, 2**70, None, [], {}])
def test_a_number_that_is_none_does_not_count(wire, node, wrong):
    wire.answers["wallet/getaccountresource"]["EnergyUsed"] = wrong

    with pytest.raises(NodeNonsense):
        node.resources(OWNER)


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("wallet/getaccount", {"address": RECEIVER}),
        ("wallet/getaccount", {"frozenV2": "none"}),
        ("wallet/getaccount", {"active_permission": [{"operations": "zz"}]}),
        ("wallet/getchainparameters", {"chainParameter": [{"key": "getEnergyFee"}]}),
        ("walletsolidity/gettransactioninfobyid", {"id": "00" * 32}),
        ("walletsolidity/gettransactioninfobyid", {"result": "MAYBE"}),
        ("wallet/getcandelegatedmaxsize", {"max_size": -1}),
    ],
)
def test_answers_about_something_else_are_nonsense(wire, node, method, change):
    wire.answers[method] |= change

    with pytest.raises(NodeNonsense):
        READS[method](node)


@pytest.mark.parametrize("method", ["wallet/getnowblock", "walletsolidity/getnowblock"])
@pytest.mark.parametrize("ago", [400, -3600])
def test_a_block_that_is_not_of_now_is_stale(wire, node, method, ago):
    wire.answers[method] = block(BLOCK, ago=ago)

    with pytest.raises(NodeStale):
        READS[method](node)


def test_a_block_whose_id_is_of_another_number_is_nonsense(wire, node):
    wire.answers["wallet/getnowblock"] = block(BLOCK) | {"blockID": block(1)["blockID"]}

    with pytest.raises(NodeNonsense):
        node.head()


def test_a_busy_node_is_asked_again_and_then_answers(wire, node):
    wire.statuses = [(503, {}), (429, {"Retry-After": "1"})]

    assert node.resources(OWNER).energy_left == 5685
    assert len(wire.calls) == 3


@pytest.mark.parametrize("status", [403, 429, 503])
def test_who_is_told_to_wait_long_says_for_how_long(wire, node, status):
    wire.statuses = [(status, {"Retry-After": "30"})]

    with pytest.raises(NodeLimited) as refused:
        node.resources(OWNER)

    assert refused.value.retry_after == 30
    assert len(wire.calls) == 1


def test_a_refused_key_is_used_again_when_the_time_is_over(wire):
    node = Node(wire.url, api_key="own-key", seconds=2)
    wire.statuses = [(403, {})]
    wire.answers["wallet/getaccount"] = {"Error": "Exceed the user daily usage"}
    with pytest.raises(NodeLimited):
        node.account(OWNER)

    assert node.resources(OWNER).energy_left == 5685
    assert wire.calls[-1][2]["TRON-PRO-API-KEY"] == "own-key"


@pytest.mark.parametrize("status", [400, 404, 301])
def test_another_status_is_nonsense(wire, node, status):
    wire.statuses = [(status, {})]

    with pytest.raises(NodeNonsense):
        node.resources(OWNER)


def test_nobody_there_is_unreachable_and_nothing_arrived():
    node = Node("http://127.0.0.1:9", seconds=1)

    with pytest.raises(NodeUnreachable) as gone:
        node.resources(OWNER)

    assert not gone.value.maybe_arrived


def test_a_node_that_says_nothing_is_left_in_time():
    with servers() as start:
        silent = start(lambda visitor: time.sleep(5))
        node = Node(f"http://127.0.0.1:{silent.port}", seconds=0.2)

        with pytest.raises(NodeUnreachable) as gone:
            node.head()

    assert gone.value.maybe_arrived


def test_without_a_key_of_ones_own_trongrid_is_not_asked():
    with pytest.raises(ValueError, match="TRON_API_KEY"):
        Node("https://api.trongrid.io")


@pytest.mark.parametrize("end", ["", "/"])
def test_an_address_keeps_its_end_with_or_without_a_slash(wire, end):
    wire.prefix = "/v1/TOKEN/"

    Node(f"{wire.url}/v1/TOKEN{end}").resources(OWNER)

    assert wire.calls[0][0] == "/v1/TOKEN/wallet/getaccountresource"


def test_solid_questions_go_to_their_own_address(wire):
    wire.prefix = "/solid/"
    node = Node("http://127.0.0.1:9", solidity_url=f"{wire.url}/solid", seconds=1)

    assert node.solid_head().number == BLOCK - 19
    assert node.receipt(TXID).ok


def test_a_token_in_the_address_is_in_no_repr():
    assert "TOKEN" not in repr(Node("http://127.0.0.1:9/TOKEN")._full)


@pytest.mark.parametrize(
    ("answer", "accepted", "code"),
    [
        ({"result": True, "txid": TXID}, True, ""),
        ({"code": "DUP_TRANSACTION_ERROR", "message": b"Dup".hex()}, False, "DUP_TRANSACTION_ERROR"),
        ({"code": "SERVER_BUSY", "message": "busy"}, False, "SERVER_BUSY"),
        ({"code": "SIGERROR", "message": b"no".hex()}, False, "SIGERROR"),
        ({"result": False, "code": "BANDWITH_ERROR"}, False, "BANDWITH_ERROR"),
    ],
)  # fmt: skip
def test_a_broadcast_comes_back_with_the_nodes_own_code(wire, node, answer, accepted, code):
    signed = Signed(build(Freeze(OWNER, 5_000_000), node=node, permission_id=2), "ab" * 65)
    wire.answers["wallet/broadcasttransaction"] = answer

    sent = node.broadcast(signed)

    assert (sent.accepted, sent.code) == (accepted, code)


@pytest.mark.parametrize("status", [429, 503, 500])
def test_a_broadcast_is_never_repeated_by_itself(wire, node, status):
    signed = Signed(build(Freeze(OWNER, 5_000_000), node=node, permission_id=2), "ab" * 65)
    wire.calls.clear()
    wire.statuses = [(status, {})]

    with pytest.raises(NodeError):
        node.broadcast(signed)

    assert len(wire.calls) == 1


def test_a_broadcast_that_nobody_can_read_is_nonsense(wire, node):
    signed = Signed(build(Freeze(OWNER, 5_000_000), node=node, permission_id=2), "ab" * 65)
    wire.answers["wallet/broadcasttransaction"] = {}

    with pytest.raises(NodeNonsense):
        node.broadcast(signed)


def test_a_transaction_ends_a_minute_after_the_chains_own_time(wire, node):
    wire.answers["wallet/getnowblock"] = head = block(BLOCK, ago=-20)

    unsigned = build(Freeze(OWNER, 5_000_000), node=node, permission_id=2)

    at = moment(head["block_header"]["raw_data"]["timestamp"])
    assert unsigned.expires_at - at == timedelta(seconds=60)
