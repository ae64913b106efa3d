"""Questions to a Redis, in its own protocol: one deadline for all, and no answer without an end.

The library that Celery brings has a deadline for each read, and takes any answer into memory.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from integrations.tcp import connection, left

PORT: Final = 6379
MOST: Final = 1024 * 1024  # bytes of all answers of a session
CHUNK: Final = 64 * 1024

Reply = str | int | list[Any] | None


class Fault(Exception):
    """What the server said instead of an answer; its first word is the kind."""


@dataclass(frozen=True)
class Address:
    host: str
    port: int = PORT
    database: int = 0
    user: str = ""
    password: str = ""
    encrypted: bool = False

    @classmethod
    def of(cls, text: str) -> "Address":
        """From `redis://user:password@host:6379/0`. Raises ValueError, without what was written."""
        try:
            parts = urlsplit(text)
            port, host = parts.port or PORT, parts.hostname or ""
        except ValueError:
            raise ValueError("no address") from None
        number = parts.path.strip("/") or "0"
        if parts.scheme not in ("redis", "rediss") or not host or not number.isdecimal():
            raise ValueError("no address")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port, int(number[:9]), user, password, parts.scheme == "rediss")


@contextmanager
def session(address: Address, *, seconds: float, tls: ssl.SSLContext) -> Iterator["Session"]:
    """Signed in, and in the right database. Raises OSError or Fault."""
    until = time.monotonic() + seconds
    secure = tls if address.encrypted else None
    with connection(address.host, address.port, seconds=seconds, tls=secure) as door:
        opened = Session(door, until)
        if address.password:
            opened.ask("AUTH", *filter(None, [address.user, address.password]))
        if address.database:
            opened.ask("SELECT", str(address.database))
        yield opened


class Session:
    def __init__(self, door: socket.socket, until: float) -> None:
        self._door, self._until = door, until
        self._unread, self._room = b"", MOST

    def ask(self, *words: str) -> Reply:
        """The answer to one command. Raises Fault for an error, OSError for what is no answer."""
        sent = [word.encode() for word in words]
        parts = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in sent)
        self._door.settimeout(left(self._until))
        self._door.sendall(b"*%d\r\n%s" % (len(sent), parts))
        return self._reply()

    def text(self, *words: str) -> str:
        found = self.ask(*words)
        return "" if found is None else str(found)

    def number(self, *words: str) -> int:
        found = self.ask(*words)
        return found if isinstance(found, int) else 0

    def _reply(self, depth: int = 0) -> Reply:
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == "+":
            return rest
        if kind == "-":
            raise Fault(rest)
        if kind == ":":
            return _count(rest)
        if kind == "$":
            size = _count(rest)
            return None if size < 0 else self._taken(size + 2)[:-2].decode(errors="replace")
        if kind == "*" and depth < 3:
            return [self._reply(depth + 1) for _ in range(min(_count(rest), MOST))]
        raise OSError("this is no Redis")

    def _line(self) -> str:
        while b"\r\n" not in self._unread:
            self._more()
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line.decode(errors="replace")

    def _taken(self, size: int) -> bytes:
        if size > self._room + len(self._unread):
            raise OSError("the answer is too long")
        while len(self._unread) < size:
            self._more()
        found, self._unread = self._unread[:size], self._unread[size:]
        return found

    def _more(self) -> None:
        if self._room <= 0:
            raise OSError("the answer is too long")
        self._door.settimeout(left(self._until))
        chunk = self._door.recv(CHUNK)
        if not chunk:
            raise OSError("disconnected")
        self._room -= len(chunk)
        self._unread += chunk


def _count(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise OSError("this is no Redis") from None
