"""Mails as fast as Python hands them to the mail server: the same bytes again and again, and nothing written down."""

from __future__ import annotations

import socket
import threading
import time
from typing import Final

HEADS: Final = b"From: bench@example.com\r\nTo: n@example.com\r\nSubject: bench\r\nMessage-ID: <%d.%d@bench>\r\n\r\n"
BODY: Final = (b"x" * 74 + b"\r\n") * 48  # as long as an update of three lines in text and HTML


def rate(port: int, *, lines: int, mails: int) -> float:
    """Mails a second over so many connections at once."""
    threads = [
        threading.Thread(target=_send, args=(port, place, mails // lines)) for place in range(lines)
    ]
    began = time.monotonic()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return mails / (time.monotonic() - began)


def _send(port: int, place: int, mails: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _answers(line, 1)
        line.sendall(b"EHLO bench\r\n")
        _answers(line, 1)
        for number in range(mails):
            line.sendall(
                b"MAIL FROM:<bench@example.com>\r\nRCPT TO:<n%d@example.com>\r\nDATA\r\n" % number
            )
            _answers(line, 3)
            line.sendall(HEADS % (place, number) + BODY + b".\r\n")
            _answers(line, 1)


def _answers(line: socket.socket, count: int) -> None:
    heard = b""
    while sum(one[3:4] == b" " for one in heard.splitlines()) < count or not heard.endswith(b"\n"):
        heard += line.recv(8192)
