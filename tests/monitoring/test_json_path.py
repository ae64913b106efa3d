import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.domain.json_path import NotThere, number_at, parsed

ANSWER = {
    "data": {"wallets": [{"name": "뜨거운", "balance": "12.5"}, {"balance": 3}], "up": True},
    "a.b": {'c"d': 7},
    "지갑": 1,
    "none": None,
    "huge": 10**400,
    "words": "seven",
    "nan": "nan",
}


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("data.wallets[0].balance", 12.5), ("data.wallets[-1].balance", 3),
        ("data.wallets.length", 2), ("data.up", 1), ('["a.b"]["c\\"d"]', 7), ("지갑", 1),
        ("length", 7),
    ],
)  # fmt: skip
def test_a_path_leads_to_a_number(path, number):
    assert number_at(ANSWER, parsed(path)) == number


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("data.nothing.more", "data.nothing"), ("data.wallets[2].balance", "data.wallets[2]"),
        ("none", "none"), ("words", "words"), ("huge", "huge"), ("data.wallets", "data.wallets"),
        ("data.up.x", "data.up.x"), ("data.wallets.x", "data.wallets.x"), ("", ""),
    ],
)  # fmt: skip
def test_how_far_a_path_led_is_said(path, place):
    with pytest.raises(NotThere) as caught:
        number_at(ANSWER, parsed(path))
    assert caught.value.place == place


@pytest.mark.parametrize("wrong", [".a", "a..b", "a[", "a[x]", "a]", 'a["b]', "a[1.5]", "[]"])
def test_what_is_no_path_is_said(wrong):
    with pytest.raises(ValueError):
        parsed(wrong)


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_none(text):
    try:
        path = parsed(text)
    except ValueError:
        return
    with contextlib.suppress(NotThere):
        number_at(ANSWER, path)
