"""No address that a person can type leads inside our own network, however it is spelled."""

import os
import shutil
import socket
import subprocess
import sys
import time

import pytest

from config.children import BASE
from integrations import http

ALONE = ["unshare", "--map-root-user", "--mount", "--net"]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
INSIDE = [
    "127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001",
    "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "169.254.169.254",
    "[::ffff:169.254.169.254]", "[fe80::1]", "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "[ff02::1]", "192.0.2.1", "198.18.0.1",
    "017700000001", "0x7f.1", "0x7f.0.0.1", "127.0.1", "0x7F000001", "127.0.0.1.", "00000177.0.0.1", "4294967295",
    "[::127.0.0.1]", "[::ffff:0:7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1%25lo]",
    "%31%32%37.0.0.1", "someone@127.0.0.1", "example.com@localhost", "example.com:80@127.0.0.1", "127。0。0。1",
    "①②⑦.0.0.1", "127.0.0.1\\@example.com", "localhost%00.example.com", "ip6-localhost",
]  # fmt: skip
NO_WEB_ADDRESS = [
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:25/_EHLO", "javascript:alert(1)",
    "data:text/plain,x", "unix:///var/run/docker.sock", "", "/", "127.0.0.1", "http://", "https:///x",
    "http://[::1", "http://example.com:99999/", "http://example.com:port/", "http://exa mple.com/",
    "http://example.com/\r\nX-Injected: 1", f"http://{'a' * 300}.example/", "http://\udcff/",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_inside_address_is_visited(server, host):
    traps = [server(OK), server(OK, host="::1")]

    for trap in traps:
        with pytest.raises((http.Forbidden, http.Unreachable)):
            http.call("POST", f"http://{host}:{trap.port}/", body=b"{}", seconds=1)

    assert [trap.hits for trap in traps] == [0, 0]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "::1", "::", "0.0.0.0", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "64:ff9b::a00:1", "10.1.2.3", "100.64.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0",
        "fd00::1", "fec0::1", "224.0.0.1", "ff02::1", "::127.0.0.1", "2002:7f00:1::",
        "2002:a9fe:a9fe::", "2001:db8::1", "2001::1", "240.0.0.1", "0.1.2.3", "127.255.255.255",
        "100.100.100.200", "168.63.129.16", "192.0.0.8", "192.0.0.192", "192.0.0.170", "192.88.99.1", "198.51.100.1",
        "203.0.113.1", "255.255.255.255", "239.255.255.250", "64:ff9b::169.254.169.254", "64:ff9b::168.63.129.16",
        "::ffff:0:127.0.0.1", "::ffff:192.0.0.192", "2001:0:7f00:1::", "2001:20::1", "3fff::1", "5f00::1", "100::1",
        "ff0e::1", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_an_inside_address_is_refused_in_every_clothing(address):
    with pytest.raises(http.Forbidden, match="inside our own network"):
        http.refuse_inside(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_let_through(address):
    http.refuse_inside(address)


@pytest.mark.parametrize("url", NO_WEB_ADDRESS)
def test_what_is_no_web_address_is_refused_for_good(url):
    with pytest.raises(http.Forbidden):
        http.call("GET", url, seconds=1)


def test_a_name_with_one_inside_address_among_public_ones_is_refused(monkeypatch):
    def both(host, port, **_):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("8.8.8.8", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(http.Forbidden, match=r"10\.0\.0\.1 is inside"):
        http.call("GET", "http://rebinding.example/", seconds=1)


class Rebinding:
    """A name whose owner answers differently each time, and the calls that were begun."""

    def __init__(self, monkeypatch, *answers):
        self.answers, self.asked, self.called = list(answers), 0, []
        monkeypatch.setattr(socket, "getaddrinfo", self._ask)
        monkeypatch.setattr(socket, "create_connection", self._call)
        self._real = socket.create_connection

    def _ask(self, host, port, **_):
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    def _call(self, address, *_, **__):
        self.called.append(address[0])
        raise ConnectionRefusedError


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_a_name_that_turns_inside_after_it_was_looked_at_leads_nowhere_else(monkeypatch, inside):
    """What was checked is what is called: the name is asked once, and the second answer by nobody."""
    name = Rebinding(monkeypatch, "8.8.8.8", inside)

    with pytest.raises(http.Unreachable):
        http.call("POST", "http://rebinding.example/", body=b"{}", seconds=1)

    assert (name.asked, name.called) == (1, ["8.8.8.8"])
    with pytest.raises(http.Forbidden):
        http.call("POST", "http://rebinding.example/", body=b"{}", seconds=1)
    assert name.called == ["8.8.8.8"]


def test_a_name_server_that_changes_its_mind_leads_nowhere_else():
    """The system's own resolver, in a network of its own: public at first, 127.0.0.1 ever after."""
    tools = ["unshare", "ip", "mount"]
    if (
        not all(map(shutil.which, tools))
        or subprocess.run([*ALONE, "true"], check=False).returncode
    ):
        pytest.skip("nobody may make a network of his own on this machine")

    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.integrations.rebinding"],
        capture_output=True, text=True, check=False, cwd=BASE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip

    assert done.stdout.splitlines() == [
        "from 8.8.8.8", "127.0.0.1 is inside our own network", "{'8.8.8.8': 1, '127.0.0.1': 0}",
    ], done.stderr  # fmt: skip


def test_a_name_nobody_has_is_unreachable_and_not_forbidden():
    with pytest.raises(http.Unreachable) as caught:
        http.call("GET", "http://nobody.invalid/", seconds=2)

    assert not caught.value.maybe_arrived


def test_an_allowed_host_and_port_is_visited(server, settings):
    there = server(OK)
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{there.port}"]

    assert http.call("GET", f"http://127.0.0.1:{there.port}/").body == b"ok"


@pytest.mark.parametrize("allowed", ["127.0.0.1:1", "localhost:{port}", "127.0.0.1", "*"])
def test_an_allowance_is_for_exactly_this_host_and_port(server, settings, allowed):
    there = server(OK)
    settings.OUTBOUND_ALLOW = [allowed.format(port=there.port)]

    with pytest.raises(http.Forbidden):
        http.call("GET", f"http://127.0.0.1:{there.port}/")
    assert there.hits == 0


def test_an_address_from_the_settings_is_trusted(server):
    there = server(OK)

    assert http.call("GET", f"http://127.0.0.1:{there.port}/", trusted=True).ok


def test_the_next_address_of_a_name_is_tried_when_the_first_refuses(server, monkeypatch):
    there = server(b"HTTP/1.1 204 Fine\r\nContent-Length: 0\r\n\r\n")
    real = socket.getaddrinfo

    def both(host, *more, **named):
        if host != "wallet.internal":
            return real(host, *more, **named)
        return [real(address, None, **named)[0] for address in ("::1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    url = f"http://wallet.internal:{there.port}/"
    assert http.call("GET", url, trusted=True).status == 204


def test_a_name_that_is_not_found_in_time_is_unreachable_in_time(monkeypatch):
    def never(*_asked, **_more):
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    began = time.monotonic()

    with pytest.raises(http.Unreachable, match="not found in time"):
        http.call("GET", "http://wallet.internal/", trusted=True, seconds=0.3)
    assert time.monotonic() - began < 2.5
