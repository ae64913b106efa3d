"""The sandbox with its servers, as a process of its own."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from integrations import ssh_keys
from integrations.ssh import Target
from sandbox.hosts.host import ADDRESSES
from sandbox.hosts.party import SSH_ABOVE
from tests.running import free_ports, until


@dataclass(frozen=True)
class Servers:
    port: int
    home: Path

    @property
    def key(self) -> str:
        return str(self.home / "ssh" / "id_ed25519")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def target(self, name: str) -> Target:
        key = ssh_keys.host_key(self.home)
        return Target(name, ADDRESSES[name], self.port + SSH_ABOVE, "sandbox", key)

    def change(self, name: str, **wish: Any) -> None:
        httpx2.post(f"{self.url}/hosts/{name}", json=wish).raise_for_status()

    def state(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.url}/hosts.json").json()[name]
        return found

    def is_there(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return httpx2.get(f"{self.url}/hosts.json").is_success
        return False

    def heal(self) -> None:
        for name in ADDRESSES:
            self.change(name, heal=True)


@contextlib.contextmanager
def servers(home: Path) -> Iterator[Servers]:
    ssh_keys.make(home)
    _portal, port = free_ports()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"], env={"SANDBOX_PORT": str(port), "BONGSU_HOME": str(home)}
    )
    found = Servers(port, home)
    assert until(found.is_there, within=30)
    try:
        yield found
    finally:
        process.terminate()
        process.wait(10)
