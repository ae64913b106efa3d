"""Sockets on which StatsD's clients are heard: packets by UDP, lines by TCP."""

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

BUFFER: Final = 16 * 1024 * 1024  # asked of the system for packets that wait; it may give less
CHUNK: Final = 64 * 1024
LONGEST_LINE: Final = 8 * 1024
MOST_CONNECTIONS: Final = 500
SILENCE: Final = 600.0  # seconds until a connection that says nothing is closed
AT_ONCE: Final = 200  # packets; whoever writes by TCP gets a turn as well
SO_MEMINFO: Final = 55
SO_RCVBUFFORCE: Final = 33
MEMINFO: Final = struct.Struct("=9I")  # the last: packets for which there was no room

Hear = Callable[[bytes], None]


class Lost:
    """How many packets the system threw away because we were too slow; none where it does not say."""

    def __init__(self, packets: socket.socket) -> None:
        self._packets, self._told = packets, 0

    def since_last(self) -> int:
        if sys.platform != "linux":
            return 0
        with contextlib.suppress(OSError):
            raw = self._packets.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO.size)
            total = int(MEMINFO.unpack(raw)[-1])
            fresh, self._told = total - self._told, total
            return fresh
        return 0


def _drain(packets: socket.socket, hear: Hear) -> None:
    """What is there, some at a time: asyncio's own way goes through its whole loop for each."""
    with contextlib.suppress(BlockingIOError):
        for _ in range(AT_ONCE):
            hear(packets.recv(CHUNK))


def _roomy(packets: socket.socket) -> None:
    """As much as the system gives; an administrator of the machine may take more."""
    packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            packets.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)


class _Lines:
    """Each connection is read until it ends, is silent for too long, or sends what is no line."""

    def __init__(self, hear: Hear) -> None:
        self.hear, self.open = hear, set[asyncio.StreamWriter]()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            if len(self.open) <= MOST_CONNECTIONS:
                await self._read(reader)
        except (TimeoutError, OSError):
            pass  # whoever wants to go on connects again
        finally:
            self.open.discard(writer)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await asyncio.wait_for(reader.read(CHUNK), SILENCE):
            lines, _, rest = (rest + chunk).rpartition(b"\n")
            self.hear(lines)
            if len(rest) > LONGEST_LINE:
                break
        self.hear(rest)

    def close(self) -> None:
        for writer in list(self.open):
            writer.close()


@asynccontextmanager
async def listening(host: str, port: int, hear: Hear) -> AsyncIterator[Lost]:
    """Both, on one port, for the time of a `with` block; what is heard is never answered."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as packets:
        _roomy(packets)
        packets.bind((host, port))
        packets.setblocking(False)
        loop, lines = asyncio.get_running_loop(), _Lines(hear)
        server = await asyncio.start_server(lines, host, port, limit=CHUNK)
        loop.add_reader(packets, _drain, packets, hear)
        try:
            yield Lost(packets)
        finally:
            loop.remove_reader(packets)
            server.close()
            lines.close()
