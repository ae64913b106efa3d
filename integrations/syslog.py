"""A syslog receiver: what programs send by UDP, and by TCP with or without lengths."""

import contextlib
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

BUFFER: Final = 4 << 20  # asked of the kernel, which may give less
DATAGRAM: Final = 64 * 1024
MOST_SENDERS: Final = 200
IDLE: Final = 600.0  # seconds
PIECE: Final = 64 * 1024
BATCH: Final = 2_000  # messages a round

Frames = Callable[[bytes], list[bytes]]


class SyslogServer:
    """Never blocks. `frames` makes a reader of a stream, which finds the messages in it."""

    def __init__(self, host: str, port: int, frames: Callable[[], Frames]) -> None:
        """`OSError` when the address is taken or not ours."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.udp = socket.socket(family, socket.SOCK_DGRAM)
        self.tcp = socket.socket(family, socket.SOCK_STREAM)
        try:
            self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.tcp.bind((host, port))
            self.udp.bind(self.tcp.getsockname())
            self.tcp.listen(64)
        except OSError:
            self.close()
            raise
        for one in (self.udp, self.tcp):
            one.setblocking(False)
        self._frames = frames
        self._senders: dict[socket.socket, Sender] = {}

    @property
    def port(self) -> int:
        return int(self.tcp.getsockname()[1])

    @property
    def handles(self) -> list[socket.socket]:
        return [self.udp, self.tcp, *self._senders]

    def receive(self) -> tuple[list[bytes], bool]:
        """Messages, and whether there may be more."""
        found: list[bytes] = []
        with contextlib.suppress(BlockingIOError):
            while len(found) < BATCH:
                found.append(self.udp.recv(DATAGRAM))
        more = len(found) == BATCH
        self._accept()
        for one in list(self._senders):
            more |= self._hear(one, found)
        return found, more

    def dropped(self) -> int:
        """Datagrams that the kernel had no room for, where it says so."""
        inode = str(self.udp.fileno() >= 0 and _inode(self.udp.fileno()))
        for table in ("udp", "udp6"):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                    columns = line.split()
                    if columns[9] == inode:
                        return int(columns[-1])
        return 0

    def close(self) -> None:
        for one in (self.udp, self.tcp, *getattr(self, "_senders", ())):
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while True:
                one, _ = self.tcp.accept()
                one.setblocking(False)
                if len(self._senders) >= MOST_SENDERS:
                    one.close()
                else:
                    self._senders[one] = Sender(self._frames())

    def _hear(self, one: socket.socket, found: list[bytes]) -> bool:
        sender = self._senders[one]
        try:
            piece = one.recv(PIECE)
        except BlockingIOError:
            if time.monotonic() - sender.heard_at > IDLE:
                self._forget(one)
            return False
        except OSError:
            piece = b""
        if not piece:
            found += sender.frames(b"\n")  # a last line without its end
            self._forget(one)
            return False
        sender.heard_at = time.monotonic()
        found += sender.frames(piece)
        return len(piece) == PIECE

    def _forget(self, one: socket.socket) -> None:
        del self._senders[one]
        one.close()


class Sender:
    def __init__(self, frames: Frames) -> None:
        self.frames, self.heard_at = frames, time.monotonic()


def _inode(number: int) -> int:
    return Path(f"/proc/self/fd/{number}").stat().st_ino if Path("/proc/self/fd").is_dir() else 0
