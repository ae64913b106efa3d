"""SSH into a host. The library is loaded when somebody first knocks: 13 MB that most sandboxes never need."""

import asyncio
import contextlib
import importlib
import os
import socket
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.hosts.host import Host

if TYPE_CHECKING:
    import asyncssh

BIN: Final = Path(__file__).parent / "bin"
LONGEST: Final = 600.0  # seconds of a command


class Door:
    """Who comes is accepted here, so that the library has nothing to do until then."""

    def __init__(self, host: Host, port: int, keys: Path) -> None:
        """Raises OSError where the address cannot be had."""
        self.host, self.keys = host, keys
        self._socket = socket.create_server((host.address, port))
        self._socket.setblocking(False)
        self._inside: set[asyncio.Task[None]] = set()
        self._keeper = asyncio.create_task(self._accept())

    def close(self) -> None:
        self._keeper.cancel()
        self._socket.close()

    async def _accept(self) -> None:
        while True:
            guest, _address = await asyncio.get_running_loop().sock_accept(self._socket)
            task = asyncio.create_task(self._serve(guest))
            self._inside.add(task)
            task.add_done_callback(self._inside.discard)

    async def _serve(self, guest: socket.socket) -> None:
        """Until it leaves, or is shown the door."""
        ssh = await asyncio.to_thread(importlib.import_module, "asyncssh")
        with contextlib.suppress(ssh.Error, OSError):
            connection = await ssh.run_server(guest, options=self._options)
            await connection.wait_closed()

    @cached_property
    def _options(self) -> "asyncssh.SSHServerConnectionOptions":
        import asyncssh  # noqa: PLC0415 - see above

        return asyncssh.SSHServerConnectionOptions(
            server_host_keys=[str(self.keys / "sandbox_host")],
            authorized_client_keys=str(self.keys / "id_ed25519.pub"),
            process_factory=self._obey, encoding=None,
        )  # fmt: skip

    async def _obey(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        """What it is told, by a shell as sshd does it, with the simulated commands before the real ones."""
        host = self.host
        child = await asyncio.create_subprocess_exec(
            "sh", "-c", process.command or "true",
            env={"PATH": f"{BIN}:{os.environ.get('PATH', '/usr/bin:/bin')}", "HOME": str(host.folder), "HOST": host.name, "LC_ALL": "C"},
            cwd=host.folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            out, err = await asyncio.wait_for(child.communicate(), LONGEST)
        except TimeoutError:
            child.kill()
            out, err = b"", b"it took too long\n"
        process.stdout.write(out)
        process.stderr.write(err)
        process.exit(
            child.returncode if child.returncode is not None and child.returncode >= 0 else 255
        )
