import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.domain.naming import channel_name


@pytest.mark.parametrize(
    ("words", "turn", "name"),
    [
        ("withdrawals", 0, "inc-214-withdrawals"),
        ("withdrawals api", 0, "inc-214-withdrawals-api"),
        ("TRC-20 USDT 출금 중단!", 0, "inc-214-trc-20-usdt"),
        ("출금 중단", 0, "inc-214"),
        ("출금 중단", 1, "inc-214-2"),
        ("withdrawals", 2, "inc-214-withdrawals-3"),
        ("x" * 100, 0, "inc-214-" + "x" * 72),
    ],
)
def test_a_channel_is_called_after_its_incident(words, turn, name):
    assert channel_name(214, words, turn=turn) == name


@given(st.text(max_size=200), st.integers(0, 9))
def test_every_name_is_one_that_slack_takes(words, turn):
    assert re.fullmatch(r"inc-9(-[a-z0-9]+)*", channel_name(9, words, turn=turn))
    assert len(channel_name(9, words, turn=turn)) <= 80
