"""A host on loopback: a real SSH server that runs what it is told in a home of its own."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from integrations.ssh import Target


@dataclass
class Host:
    target: Target
    home: Path


@contextmanager
def host(home: Path, key: Path, *, name: str = "app1") -> Iterator[Host]:
    """`key` is the client's private key, made here unless another host has made it."""
    ours = asyncssh.generate_private_key("ssh-ed25519")
    if not key.exists():
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(key))
    theirs = asyncssh.read_private_key(str(key))
    allowed = asyncssh.import_authorized_keys(theirs.export_public_key().decode())
    loop = asyncio.new_event_loop()

    async def serve(process: asyncssh.SSHServerProcess[bytes]) -> None:
        child = await asyncio.create_subprocess_exec(
            "sh", "-c", process.command or "", env={**os.environ, "HOME": str(home)},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await child.communicate()
        process.stdout.write(out)
        process.stderr.write(err)
        code = child.returncode or 0
        process.exit(code if code >= 0 else 128 - code)

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[ours], authorized_client_keys=allowed,
            process_factory=serve, encoding=None,
        )  # fmt: skip

    server = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    public = ours.export_public_key().decode()
    try:
        yield Host(Target(name, "127.0.0.1", server.get_port(), "ops", public), home)
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
