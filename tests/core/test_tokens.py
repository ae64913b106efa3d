import re

import pytest

from core.tokens import hashed, new_token


def test_no_two_tokens_are_alike():
    assert len({new_token() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("length", [32, 40])
def test_a_token_can_stand_in_an_address(length):
    assert re.fullmatch(r"[A-Za-z0-9]+", new_token(length))
    assert len(new_token(length)) == length


def test_what_is_stored_tells_nothing_of_the_token():
    token = new_token()

    assert re.fullmatch(r"[0-9a-f]{64}", hashed(token))
    assert token[:4] not in hashed(token)


@pytest.mark.parametrize("token", ["", "\x00", "토큰", "\ud800", "x" * 100_000])
def test_whatever_a_stranger_sends_as_a_token_can_be_compared(token):
    assert hashed(token) != hashed(new_token())
