"""A TCP server on this machine that says what a test tells it to, and counts who came."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]


class Server:
    def __init__(self, talk: Talk, host: str, *, listens: bool) -> None:
        self.listens, self.heard = listens, list[bytes]()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.talk, self.hits = talk, 0
        self.socket = socket.create_server((host, 0), family=family)
        self.port: int = self.socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):  # closed by the test's end
            while True:
                visitor, _ = self.socket.accept()
                self.hits += 1
                threading.Thread(target=self._serve, args=[visitor], daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor, suppress(OSError):  # a visitor may hang up
            if self.listens:
                self.heard.append(visitor.recv(65536))
            self.talk(visitor)


@contextmanager
def servers() -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(talk: Talk | bytes, *, host: str = "127.0.0.1", listens: bool = True) -> Server:
        """One that does not listen speaks first."""
        say = talk if callable(talk) else lambda visitor: visitor.sendall(talk)
        started.append(Server(say, host, listens=listens))
        return started[-1]

    yield start
    for each in started:
        each.socket.close()
