"""Connections to whatever speaks over TCP, opened and encrypted within one deadline."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from integrations.names import addresses_of


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
    fault = OSError(f"{host} has no address")
    try:
        addresses = addresses_of(host, seconds=left(until))
    except UnicodeError as error:
        raise OSError(f"{host}: Name or service not known") from error
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        door = socket.socket(family, socket.SOCK_STREAM)
        try:
            door.settimeout(left(until))
            door.connect((address, port))
            return door
        except OSError as error:
            door.close()
            fault = error
    raise fault
