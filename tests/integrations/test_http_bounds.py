"""A call ends in time, reads no more than it needs, and goes where it was sent."""

import socket
import time

import pytest

from integrations import http

OK = b"HTTP/1.1 200 OK\r\n"


def ask(server, *, seconds=2.0):
    return http.call("POST", f"http://127.0.0.1:{server.port}/", seconds=seconds, trusted=True)


def drip(first, then, every):
    def talk(visitor):
        visitor.sendall(first)
        for _ in range(200):
            visitor.sendall(then)
            time.sleep(every)

    return talk


@pytest.mark.parametrize(
    "talk",
    [
        drip(OK + b"Content-Length: 99999\r\n\r\n", b"x", 0.1),
        drip(OK, b"X-More: headers\r\n", 0.1),
        drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.1),
        drip(b"H", b"", 0.1),
        lambda visitor: time.sleep(5),
    ],
    ids=["a slow body", "slow headers", "slow chunks", "a slow word", "silence"],
)
def test_who_answers_slowly_is_left_in_time(server, talk):
    began = time.monotonic()

    with pytest.raises(http.Unreachable) as caught:
        ask(server(talk), seconds=1.0)

    assert time.monotonic() - began < 4.0
    assert caught.value.maybe_arrived


@pytest.mark.parametrize(
    "answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00" * 100]
)
def test_who_does_not_speak_http_is_unreachable(server, answer):
    with pytest.raises(http.Unreachable):
        ask(server(answer))


def test_an_answer_cut_short_is_unreachable(server):
    with pytest.raises(http.Unreachable):
        ask(server(OK + b"Content-Length: 100\r\n\r\nshort"))


def test_of_an_endless_answer_64_kb_are_read(server):
    there = server(drip(OK + b"Content-Length: 999999999\r\n\r\n", b"x" * 65536, 0))

    assert len(ask(there).body) == 64 * 1024


def test_a_packed_answer_is_not_unpacked(server):
    packed = b"\x1f\x8b\x08"
    there = server(OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n" + packed)

    assert ask(there).body == packed


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(server, status):
    trap = server(OK + b"\r\n")
    there = server(
        b"HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n"
        % (status, trap.port)
    )

    answer = ask(there)

    assert (answer.status, answer.ok) == (status, False)
    assert trap.hits == 0


def test_a_proxy_from_the_environment_is_not_asked(server, monkeypatch):
    proxy, there = server(OK + b"\r\n"), server(OK + b"Content-Length: 0\r\n\r\n")
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    assert ask(there).ok
    assert proxy.hits == 0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("7", 7), ("0", 0), ("86400", 300), ("", None), ("soon", None), ("-5", None), ("1.5", None),
        ("Mon, 23 Nov 2026 00:00:00 GMT", None), ("²", None),
    ],
)  # fmt: skip
def test_how_long_to_wait_is_heard_where_it_is_a_number(said, heard):
    assert http.Answer(429, {"retry-after": said}, b"").retry_after == heard


def test_somebody_who_is_not_at_home_is_unreachable_and_got_nothing():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    with pytest.raises(http.Unreachable) as caught:
        http.call("POST", f"http://127.0.0.1:{port}/", body=b"x", trusted=True)
    assert not caught.value.maybe_arrived
