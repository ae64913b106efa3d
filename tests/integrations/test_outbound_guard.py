"""No address that a person can type leads inside our own network, however it is spelled."""

import socket
import time

import pytest

from integrations import http

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
INSIDE = [
    "127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001",
    "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "169.254.169.254",
    "[::ffff:169.254.169.254]", "[fe80::1]", "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "[ff02::1]", "192.0.2.1", "198.18.0.1",
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
        "2002:a9fe:a9fe::", "2001:db8::1", "2001::1", "240.0.0.1",
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
