"""Connections to whatever speaks over TCP, opened and encrypted within one deadline."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def connection(
    host: str, port: int, *, seconds: float, tls: ssl.SSLContext | None = None
) -> Iterator[socket.socket]:
    """A connected socket with what is left of the time. Raises OSError.

    All addresses of a name share the time: `create_connection` would give it to each anew.
    """
    until = time.monotonic() + seconds
    with _connected(host, port, until) as plain:
        plain.settimeout(left(until))
        if tls is None:
            yield plain
            return
        with tls.wrap_socket(plain, server_hostname=host) as encrypted:
            encrypted.settimeout(left(until))
            yield encrypted


def left(until: float) -> float:
    """Seconds until then. Raises TimeoutError, or a socket would be told to wait for ever."""
    remaining = until - time.monotonic()
    if remaining <= 0:
        raise TimeoutError("timed out")
    return remaining


def _connected(host: str, port: int, until: float) -> socket.socket:
    fault: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _name, address in _addresses(host, port):
        door = socket.socket(family, kind, protocol)
        try:
            door.settimeout(left(until))
            door.connect(address)
            return door
        except OSError as error:
            door.close()
            fault = error
    raise fault


def _addresses(host: str, port: int) -> list[tuple[int, int, int, str, tuple[str, int]]]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value]
    except UnicodeError as error:  # a name that DNS cannot hold
        raise OSError(f"{host}: Name or service not known") from error
