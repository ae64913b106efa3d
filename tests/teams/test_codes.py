"""Codes and addresses, as people type them."""

from uuid import UUID, uuid4

import pytest

from teams.domain.addresses import fits_person, tidy
from teams.domain.codes import DIGITS, code, same

TICKET = UUID("00000000-0000-4000-8000-000000000007")


def test_a_code_is_six_digits_and_always_the_same_for_its_ticket():
    assert code(TICKET, "secret") == code(TICKET, "secret")
    assert all(len(code(uuid4(), "secret")) == DIGITS for _ in range(200))
    assert all(code(uuid4(), "secret").isdecimal() for _ in range(200))


def test_another_ticket_or_another_installation_has_another_code():
    assert len({code(uuid4(), "secret") for _ in range(50)}) > 45
    assert code(TICKET, "secret") != code(TICKET, "another")


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345", "０１２３４５"])
def test_a_code_counts_however_it_was_typed(typed):
    assert same(typed, "012345")


@pytest.mark.parametrize("typed", ["", "12345", "0123456", "012346", "abc", "²12345"])
def test_anything_else_does_not(typed):
    assert not same(typed, "012345")


@pytest.mark.parametrize(
    ("channel", "typed", "fine"),
    [
        ("sms", "+82 10-1234-5678", True), ("voice", "+82 (10) 1234.5678", True),
        ("sms", "010-1234-5678", False), ("sms", "+82", False), ("sms", "전화", False),
        ("email", " kim@example.com ", True), ("email", "kim", False),
        ("slack", "U0123ABCD", True), ("slack", "C0123ABCD", False),
        ("slack", "https://hooks.slack.com/services/T/B/x", False), ("webhook", "x", False),
    ],
)  # fmt: skip
def test_an_own_address_has_the_form_of_its_channel(channel, typed, fine):
    assert fits_person(channel, tidy(channel, typed)) is fine
