"""The signer's own rules, and that no question can end it or talk it into more than was read."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tronpy import keys

from integrations.tron import SUN, Delegate, Freeze, Unsigned
from integrations.tron.signing.key import Key
from integrations.tron.signing.ledger import Ledger
from integrations.tron.signing.rules import DAY, Entry, Rules
from integrations.tron.signing.server import Signer
from integrations.tron.signing.watching import Permissions
from tests.integrations.tron.wire import OWNER, RECEIVER

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
KEY = Key("5e" * 32)
RULES = Rules(
    owners=frozenset({OWNER}),
    receivers=frozenset({RECEIVER}),
    types=frozenset({54, 57, 58, 59}),
    permission_id=2,
    sun_each=300 * SUN,
    sun_a_day=500 * SUN,
    count_a_day=20,
)


def transaction(contract=None, *, at=NOW, life=60) -> Unsigned:
    start = int(at.timestamp() * 1000)
    asked = contract or Freeze(OWNER, SUN)
    return Unsigned(asked, 2, "283b", "51bf0b88daaaea37", start + life * 1000, start)


def leaves(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield from leaves(value[name], (*path, name))


EXAMPLE = transaction(Delegate(OWNER, SUN, receiver=RECEIVER)).raw_data
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from([10**400, -1, "41" + "0" * 40, "ENERGY", OWNER, 2**63]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    with Ledger(tmp_path_factory.mktemp("signer") / "ledger") as ledger:
        seen = Permissions({OWNER: KEY}, RULES, [], every=60, unseen_after=10**6)
        yield Signer({OWNER: KEY}, RULES, ledger, seen)


@given(path=st.sampled_from(list(leaves(EXAMPLE))), other=anything)
def test_whatever_stands_anywhere_it_refuses_or_signs_just_that(signer, path, other):
    now = datetime.now(UTC)
    raw = deepcopy(transaction(Delegate(OWNER, SUN, receiver=RECEIVER), at=now).raw_data)
    if path:
        place = raw
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = other
    else:
        raw = other
    try:
        txid = Unsigned.read(raw).txid
    except Exception:
        txid = "00" * 32

    answer = signer.answer(json.dumps({"txid": txid, "raw_data": raw}).encode())

    if "signature" in answer:
        read = Unsigned.read(raw)
        assert RULES.refusal(read, [], now) is None
        signature = keys.Signature.fromhex(answer["signature"])
        by = signature.recover_public_key_from_msg_hash(bytes.fromhex(read.txid))
        assert by.to_base58check_address() == KEY.address


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 200_000)), max_size=40))
def test_no_order_of_requests_gets_past_the_caps_of_any_day(requests):
    given_ = []
    for trx, seconds in sorted(requests, key=lambda request: request[1]):
        now = NOW + timedelta(seconds=seconds)
        asked = transaction(Freeze(OWNER, trx * SUN), at=now)
        if RULES.refusal(asked, given_, now) is None:
            given_.append(Entry(asked.txid, 54, trx * SUN, now))

    for last in given_:
        day = [one for one in {e.txid: e for e in given_}.values()
               if last.at - DAY < one.at <= last.at]  # fmt: skip
        assert sum(one.sun for one in day) <= RULES.sun_a_day
        assert len(day) <= RULES.count_a_day
        assert last.sun <= RULES.sun_each


def test_after_a_day_there_is_room_again():
    given_ = [Entry("aa", 54, 500 * SUN, NOW)]

    assert RULES.refusal(transaction(), given_, NOW + DAY - timedelta(seconds=1))
    later = NOW + DAY
    assert RULES.refusal(transaction(at=later), given_, later) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"owners": frozenset()}, "TRON_SIGNER_OWNERS"),
        ({"owners": frozenset({"T" + "1" * 33})}, "no TRON address"),
        ({"types": frozenset({54, 1})}, "ever signed"),
        ({"types": frozenset({55})}, "ever signed"),
        ({"permission_id": 0}, "active permission"),
    ],
)
def test_rules_that_would_permit_more_cannot_be_set(change, why):
    with pytest.raises(ValueError, match=why):
        Rules(**(vars(RULES) | change))
