"""A load balancer before the application's three servers: HTTP on one port, HAProxy's runtime API on another.

It looks after its servers by itself, as HAProxy does: one that does not answer gets nothing until it answers again.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sandbox.hosts.host import ADDRESSES, NETWORK, UNITS
from sandbox.hosts.party import SSH_ABOVE
from sandbox.world import Party, World

ADDRESS: Final = NETWORK + "100"
BACKEND: Final = "app"
EVERY: Final = 0.3  # seconds between two looks at a server
PATIENCE: Final = 10.0
LONGEST: Final = 64 * 1024
STATES: Final = {"ready": 0x00, "drain": 0x08, "maint": 0x01}  # and how HAProxy writes them
NOBODY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
STAT: Final = "# pxname,svname,qcur,scur,status,weight,bck"
SERVERS: Final = (
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight"
)
Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    name: str
    address: str
    state: str = "ready"
    answers: bool = False
    sessions: int = 0
    last: float = 0.0  # when it was given something

    @property
    def serves(self) -> bool:
        return self.state == "ready" and self.answers

    @property
    def status(self) -> str:
        if self.state == "maint":
            return "MAINT"
        return ("DRAIN" if self.state == "drain" else "UP") if self.answers else "DOWN"


class Balancer(Party):
    """Where its address cannot be had there is none."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        names = [name for name, units in UNITS.items() if "dantaro-app" in units]
        self.servers = {name: Server(name, ADDRESSES[name]) for name in names}

    async def listen(self) -> asyncio.Server | None:
        port = self.world.settings.port
        with contextlib.suppress(OSError):
            self._doors = [
                await asyncio.start_server(_quietly(self._pass_on), ADDRESS, port),
                await asyncio.start_server(_quietly(self._obey), ADDRESS, port + SSH_ABOVE),
            ]
            self._looks = [asyncio.create_task(self._look(one)) for one in self.servers.values()]
        return None

    async def _look(self, server: Server) -> None:
        while True:
            server.answers = server.state != "maint" and await self._is_well(server)
            await asyncio.sleep(EVERY)

    async def _is_well(self, server: Server) -> bool:
        request = b"GET /health HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n"
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._asked(server, request)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return False
        return answer.split(b" ", 2)[1:2] == [b"200"]

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request after the other, each to the server that has the fewest, or that rested longest."""
        while request := await _message(reader):
            writer.write(await self._answered(request))
            await writer.drain()

    async def _answered(self, request: bytes) -> bytes:
        serving = [one for one in self.servers.values() if one.serves]
        if not serving:
            return NOBODY
        server = min(serving, key=lambda one: (one.sessions, one.last))
        server.last = time.monotonic()
        server.sessions += 1
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._asked(server, request)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            answer = b""
        finally:
            server.sessions -= 1
        server.answers = bool(answer)
        return answer or NOBODY

    async def _asked(self, server: Server, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(server.address, self.world.settings.port)
        try:
            writer.write(request)
            return await _message(reader)
        finally:
            writer.close()

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(PATIENCE):
            line = await reader.readuntil(b"\n")
            writer.write(self.said(line.decode(errors="replace").strip()).encode() + b"\n")
            await writer.drain()

    def said(self, line: str) -> str:
        match line.split():
            case ["show", "stat"] | ["show", "stat", "app", "4", "-1"]:
                return "\n".join([STAT, *map(_stat, self.servers.values()), ""])
            case ["show", "servers", "state"] | ["show", "servers", "state", "app"]:
                rows = (_row(number, one) for number, one in enumerate(self.servers.values(), 1))
                return "\n".join([SERVERS, *rows, ""])
            case ["show", "stat", *_more]:
                return "No such proxy.\n"
            case ["show", "servers", "state", *_more]:
                return "Can't find backend.\n"
            case ["set", "server", which, "state", state] if state in STATES:
                return self._set(which, state)
            case _:
                return "Unknown command.\n"

    def _set(self, which: str, state: str) -> str:
        backend, _slash, name = which.partition("/")
        if backend != BACKEND or name not in self.servers:
            return "No such server.\n"
        self.servers[name].state = state
        return ""


def _quietly(answer: Serving) -> Serving:
    """Whoever hangs up in the middle is nobody's trouble."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        faults = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)
        with contextlib.suppress(*faults):
            await answer(reader, writer)
        writer.close()

    return served


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A head, and a body as long as that says; empty where the other one has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return b""
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = min(int(line[15:]), LONGEST)
    return head + await reader.readexactly(length)


def _stat(server: Server) -> str:
    return f"{BACKEND},{server.name},0,{server.sessions},{server.status},1,0"


def _row(number: int, server: Server) -> str:
    running = 2 if server.answers else 0
    return f"3 {BACKEND} {number} {server.name} {server.address} {running} {STATES[server.state]} 1"
