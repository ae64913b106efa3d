"""What commands print, read as rows."""

import pytest

from runbooks.domain import findings
from runbooks.domain.readers import READERS, compared, room
from runbooks.reading import document_of


def read(name, out, err="", code=0):
    return [dict(row) for row in READERS[name](out, err, code)]


PING = """PING api.trongrid.io (52.1.2.3) 56(84) bytes of data.

--- api.trongrid.io ping statistics ---
4 packets transmitted, 3 received, 25% packet loss, time 3004ms
rtt min/avg/max/mdev = 1.002/2.250/4.001/1.1 ms
"""


def test_ping_tells_what_was_lost():
    [row] = read("ping", PING)
    assert (row["sent"], row["received"], row["lost_percent"], row["ms"]) == (4, 3, 25, 2.25)


def test_where_nothing_could_be_sent_all_is_lost():
    [row] = read("ping", "", "ping: connect: Network is unreachable\n", 2)
    assert (row["lost_percent"], row["why"]) == (100, "ping: connect: Network is unreachable")


@pytest.mark.parametrize(
    ("out", "addresses", "inside"),
    [
        ("1.1.1.1 STREAM one\n1.1.1.1 DGRAM\n8.8.8.8 STREAM\n", "1.1.1.1, 8.8.8.8", 0),
        ("127.0.0.1 STREAM api\n", "127.0.0.1", 1),
        ("", "-", 0),
    ],
)
def test_addresses_of_a_name(out, addresses, inside):
    [row] = read("resolved", out)
    assert (row["addresses"], row["inside"]) == (addresses, inside)


@pytest.mark.parametrize(
    ("out", "default"),
    [
        ("default via 10.0.0.1 dev eth0 proto dhcp\n10.0.0.0/24 dev eth0\n", "10.0.0.1"),
        ("default dev wg0 scope link\n", "wg0"),
        ("10.0.0.0/24 dev eth0\n", "none"),
        ("", "none"),
    ],
)
def test_the_default_route(out, default):
    assert read("routes", out)[0]["default"] == default


@pytest.mark.parametrize(
    ("rules", "https"),
    [
        ("-P OUTPUT ACCEPT", "open"),
        ("-P OUTPUT DROP", "blocked"),
        ("-P OUTPUT DROP\n-A OUTPUT -p tcp -m tcp --dport 443 -j ACCEPT", "open"),
        ("-P OUTPUT ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 443 -j DROP", "blocked"),
        ("-P OUTPUT ACCEPT\n-A OUTPUT -p tcp -m multiport --dports 80,443 -j REJECT", "blocked"),
        ("-P OUTPUT ACCEPT\n-A OUTPUT -d 10.0.0.9/32 -p tcp -m tcp --dport 443 -j DROP", "open"),
        ("-P OUTPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 443 -j DROP", "open"),
        ("-P OUTPUT ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 4430 -j DROP", "open"),
        ("-P OUTPUT ACCEPT\n-A OUTPUT -j ACCEPT\n-A OUTPUT -j DROP", "open"),
    ],
)
def test_whether_the_firewall_lets_https_out(rules, https):
    assert read("iptables", rules)[0]["https"] == https


def test_without_rights_the_firewall_says_why():
    err = "iptables v1.8.9: Permission denied (you must be root)"
    assert read("iptables", "", err, 4) == [{"why": err}]


def test_a_capture_that_cannot_be_made_is_not_an_empty_one():
    assert read("packets", "", code=127)[0]["installed"] == "no"
    assert read("packets", "12:00:01.1 IP 10.0.0.1.5 > 52.1.1.1.443: tcp 1\n")[0]["packets"] == 1


def test_ports_are_told_apart_from_those_that_begin_alike():
    [row] = read("ports", "LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*\nLISTEN 0 511 [::]:22 [::]:*\n")
    assert row["ports"] == ":22,:8080,"


def test_processes():
    [row] = read("ps", "D  97.5  6.1 pg_dump: main\n")
    assert row == {"state": "D", "cpu": 97.5, "memory": 6.1, "command": "pg_dump: main"}


@pytest.mark.parametrize(
    ("values", "differ"),
    [("aab", "b"), ("ab", "ab"), ("aaa", ""), ("a", ""), ("aabb", "")],
)
def test_what_differs_from_most(values, differ):
    rows = compared([{"x": one} for one in values], "x")
    assert "".join(row["x"] for row in rows if row["differs"] == "yes") == differ


def test_two_comparisons_of_one_column_both_hold():
    tests = findings.tests_of({"used": [">= 90", "< 98"], "ports": "!~ :80,"}, "when")
    assert findings.holds({"used": 95, "ports": ":8080,"}, tests)
    assert not findings.holds({"used": 99, "ports": ":8080,"}, tests)
    assert not findings.holds({"used": 95, "ports": ":80,"}, tests)


def test_on_is_a_word_in_a_runbook_and_true_is_true():
    text = """
title: {ko: 글, en: text}
summary: {ko: 글, en: text}
starts_by_itself: true
steps:
  - name: a
    title: {ko: 글, en: text}
    command: {on: [yes, off], run: [uptime], changes: false}
"""
    document = document_of(text)
    assert document.steps[0].settings["on"] == ["yes", "off"]
    assert document.starts_by_itself


@pytest.mark.parametrize(
    ("out", "found"),
    [
        (
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 60 40 60% /var\n",
            40 * 1024,
        ),
        ("", None),
        ("df: /nowhere: No such file or directory\n", None),
    ],
)
def test_the_room_that_is_left_in_a_folder(out, found):
    assert room(out) == found
