"""A host on loopback: a real SSH server that runs what it is told in a home of its own."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh

from integrations.ssh import Target


@dataclass
class Host:
    target: Target
    home: Path
    loop: asyncio.AbstractEventLoop
    connections: "set[asyncssh.SSHServerConnection]"

    def drop(self) -> None:
        """All connections are lost, as when a cable is pulled; what runs goes on."""

        def cut() -> None:
            for one in list(self.connections):
                one.abort()

        self.loop.call_soon_threadsafe(cut)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It answers nobody, and closes nothing."""
        thawed = threading.Event()
        self.loop.call_soon_threadsafe(thawed.wait, 60)
        try:
            yield
        finally:
            thawed.set()


async def _pump(out: Any, to: Any) -> None:
    """As it comes, and no faster than it is taken."""
    while chunk := await out.read(1 << 16):
        with contextlib.suppress(asyncssh.Error, OSError):
            to.write(chunk)
            await to.drain()


async def _serve(home: Path, process: asyncssh.SSHServerProcess[bytes]) -> None:
    child = await asyncio.create_subprocess_exec(
        "sh", "-c", process.command or "", env={**os.environ, "HOME": str(home)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await asyncio.gather(
            _pump(child.stdout, process.stdout), _pump(child.stderr, process.stderr)
        )
        code = await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
    process.exit(code if code >= 0 else 128 - code)


async def _close(server: Any) -> None:
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@contextmanager
def host(home: Path, key: Path, *, name: str = "app1") -> Iterator[Host]:
    """`key` is the client's private key, made here unless another host has made it."""
    ours = asyncssh.generate_private_key("ssh-ed25519")
    if not key.exists():
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(key))
    theirs = asyncssh.read_private_key(str(key))
    allowed = asyncssh.import_authorized_keys(theirs.export_public_key().decode())
    loop = asyncio.new_event_loop()

    connections: set[asyncssh.SSHServerConnection] = set()

    class Server(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            self.connection = conn
            connections.add(conn)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.discard(self.connection)

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[ours], authorized_client_keys=allowed,
            process_factory=partial(_serve, home), server_factory=Server, encoding=None,
        )  # fmt: skip

    server = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    public = ours.export_public_key().decode()
    try:
        yield Host(
            Target(name, "127.0.0.1", server.get_port(), "ops", public), home, loop, connections
        )
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
