"""When the watcher of the watcher speaks."""

import pytest

from config.guard import fault_of
from config.guarding import AGAIN, SETTLED, Address, Guard, Word, addresses

PATIENCE = 90


def heard(*looks):
    """Each look: seconds, and whether the portal was well. What was said, and when."""
    guard = Guard(PATIENCE)
    said = [(at, guard.see(well=well, at=at)) for at, well in looks]
    return [(at, word) for at, word in said if word]


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ([(0, True), (10, False), (20, True)], []),
        ([(0, False), (80, False)], []),
        ([(0, False), (80, False), (90, False), (100, False)], [(90, Word.DOWN)]),
        ([(0, False), (90, False), (90 + AGAIN, False)], [(90, Word.DOWN), (90 + AGAIN, Word.DOWN)]),
        ([(0, False), (90, False), (100, True), (100 + SETTLED, True)],
         [(90, Word.DOWN), (100 + SETTLED, Word.BACK)]),
        ([(0, False), (50, True), (50 + SETTLED, True), (120, False), (130, False)], []),
    ],
    ids=["a hiccup", "not long enough", "long enough, once", "again", "over", "two short ones"],
)  # fmt: skip
def test_it_speaks_when_it_lasts_and_when_it_is_over(looks, said):
    assert heard(*looks) == said


def test_trouble_that_comes_and_goes_is_one_trouble():
    looks = [(at, at % 60 == 30) for at in range(0, 301, 10)]

    assert heard(*looks) == [(100, Word.DOWN)]


def test_an_address_of_the_portal_that_is_none_is_said_and_not_a_crash():
    assert "not a web address" in fault_of("portal.example.com")


def test_whom_to_tell_is_read_from_one_line():
    assert addresses(
        " sms:+821012345678, email:ops@example.com,webhook:https://a.example/x?y=1"
    ) == [
        Address("sms", "+821012345678"),
        Address("email", "ops@example.com"),
        Address("webhook", "https://a.example/x?y=1"),
    ]
    assert addresses("") == []


@pytest.mark.parametrize(
    "wrong", ["+8210", "sms:010-1234", "email:ops", "webhook:ftp://x", "fax:+82"]
)
def test_an_address_that_is_none_is_named(wrong):
    with pytest.raises(ValueError, match="is none of"):
        addresses(f"email:ops@example.com,{wrong}")
