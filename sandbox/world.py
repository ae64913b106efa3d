"""What all parties share, and the contract each of them fulfils."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.routing import Route

from sandbox.chain import cast
from sandbox.chain.ledger import Chain
from sandbox.faults import Faults
from sandbox.inbox import Inbox
from sandbox.settings import HOST, CannotStart, Settings

BACKLOG = 2048


@dataclass
class World:
    settings: Settings
    inbox: Inbox
    faults: Faults
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    chain: Chain = field(default_factory=cast.begun)
    tokens: dict[str, str] = field(default_factory=dict)  # of telephone accounts, as they came

    def end(self) -> None:
        self.closing.set()
        self.inbox.end_waiting()

    def token_of(self, account: str) -> str:
        return self.tokens.get(account, self.settings.twilio_token)

    async def pause(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the world: a hanging answer must not delay the exit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closing.wait()


class Party:
    """One simulated outsider. `switches` names its faults; it answers HTTP by `routes`, or opens a
    socket of its own in `listen` (raising CannotStart when the port is taken), or both."""

    switches: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        return []

    async def listen(self) -> asyncio.Server | None:
        return None


def listen_on(port: int, *, named: str) -> socket.socket:
    # Protocol spelled out: asyncio turns Nagle's delay off only where it sees TCP named, and with
    # it every answer of two writes takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotStart(
            f"port {port} cannot be opened ({error.strerror}): "
            f"stop the program that uses it, or set {named} to a free port."
        ) from None
    return sock
