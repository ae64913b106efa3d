import socket
import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.collectors.dns import strange
from monitoring.registry import collectors


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_name_that_leads_somewhere_says_how_fast(take):
    found = take("dns", name="localhost")

    assert found.fault == ""
    assert found.value("dns_addresses") >= 1
    assert found.value("dns_seconds") > 0


def test_a_name_that_leads_nowhere_is_said(take):
    found = take("dns", name="nothing.invalid")

    assert found.readings == []
    assert found.fault == "The name cannot be resolved."


@pytest.mark.parametrize("name", ["가" * 100, "a..b", ".", "-", "\u200b"])
def test_what_can_be_no_name_is_an_error_in_words(take, name):
    assert take("dns", name=name).fault


def test_where_it_should_lead_is_looked_at(take):
    right = take("dns", name="localhost", expected="127.0.0.0/8\n::1")
    wrong = take("dns", name="localhost", expected="203.0.113.7")

    assert right.fault == ""
    assert "127.0.0.1" in wrong.fault or "::1" in wrong.fault
    assert "dns_seconds" in wrong.names


@pytest.mark.parametrize(
    ("found", "expected", "wrong"),
    [
        (["203.0.113.7"], ["203.0.113.7/32"], []),
        (["203.0.113.7", "203.0.113.8"], ["203.0.113.7"], ["203.0.113.8"]),
        (["203.0.113.7"], ["203.0.113.0/24", "2001:db8::/32"], []),
        (["2001:db8::1", "fe80::1%eth0"], ["2001:db8::/32"], ["fe80::1%eth0"]),
        (["203.0.113.7"], [], []),
    ],
)
def test_strangers_among_addresses(found, expected, wrong):
    assert strange(found, expected) == wrong


def test_what_is_no_address_is_told():
    with pytest.raises(ValidationError) as caught:
        collectors["dns"].cleaned({"name": "a", "expected": "shop.example"})
    assert "expected" in caught.value.message_dict


def test_a_resolver_that_answers_nothing_is_left_in_time(take, monkeypatch):
    """The one of this system cannot be made to hang, so a call that takes long stands in for it."""

    def never(*_asked, **_more):
        time.sleep(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)

    began = time.monotonic()
    found = take("dns", name="shop.example", timeout=0.3)

    assert found.fault == "No answer within 0.3 seconds."
    assert time.monotonic() - began < 4
