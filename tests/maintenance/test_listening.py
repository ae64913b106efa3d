"""Which sockets others can reach, and which of them nobody allowed."""

import pytest

from maintenance.domain.listening import Socket, strangers


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("127.0.0.1", False), ("127.8.0.1", False), ("::1", False), ("::ffff:127.0.0.1", False),
        ("0.0.0.0", True), ("::", True), ("10.0.0.5", True), ("fe80::1%eth0", True),
    ],
)  # fmt: skip
def test_what_others_can_reach(address, is_open):
    assert Socket(address, 80).is_open is is_open


def test_only_what_is_open_and_not_allowed_is_strange_and_each_once():
    seen = [
        Socket("0.0.0.0", 443),
        Socket("0.0.0.0", 22),
        Socket("0.0.0.0", 22),
        Socket("127.0.0.1", 25),
    ]
    assert strangers(seen, {443}) == [Socket("0.0.0.0", 22)]
