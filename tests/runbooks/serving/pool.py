"""Three servers, each on a host with SSH, behind the real HAProxy."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.haproxy import HAProxy
from runbooks.models import Host, Pool
from sandbox.hosts.ssh import BIN as SIMULATED
from tests.integrations.balanced import NAMES, until
from tests.integrations.haproxy import haproxy
from tests.integrations.sshd import host
from tests.running import free_ports

HERE = Path(__file__).parent
A_SECOND = 200


@dataclass
class Serving:
    folder: Path
    port: int
    balancer: HAProxy

    def spoil(self, name: str) -> None:
        """It is well until it starts the next time."""
        (self.folder / name / "bad").touch()

    def mend(self, name: str) -> None:
        """By hand, as a person would who looks at what went wrong."""
        (self.folder / name / "bad").unlink()
        _systemctl(self.folder / name, "stop")

    def state(self, name: str) -> str:
        return self.balancer.members([name])[name].state


@contextmanager
def serving(folder: Path, settings: Any, monkeypatch: Any) -> Iterator[Serving]:
    settings.SSH_KEY_FILE = str(folder / "id")
    monkeypatch.setenv("PATH", f"{HERE / 'bin'}:{SIMULATED}:{os.environ['PATH']}")
    monkeypatch.setenv("SERVER_PYTHON", sys.executable)
    monkeypatch.setenv("SERVER_FILE", str(HERE / "server.py"))
    ports = dict(zip(NAMES, (*free_ports(), free_ports()[0]), strict=True))
    web, runtime, reader = (*free_ports(), free_ports()[0])
    with ExitStack() as all_of_it:
        for name in NAMES:
            all_of_it.enter_context(_server(folder, name, ports[name]))
        addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        all_of_it.enter_context(haproxy(folder, addresses, (web, runtime, reader)))
        balancer = HAProxy(f"{folder}/admin.sock", "app")
        pool = Pool.objects.create(
            name="app", balancer="haproxy", address=balancer.address, backend="app", floor=2
        )
        pool.hosts.set(Host.objects.filter(name__in=NAMES))
        until((folder / "admin.sock").exists)
        until(lambda: all(one.serving for one in balancer.members(NAMES).values()))
        yield Serving(folder, web, balancer)


@contextmanager
def _server(folder: Path, name: str, port: int) -> Iterator[None]:
    home = folder / name
    home.mkdir()
    (home / "port").write_text(str(port))
    with host(home, folder / "id", name=name) as there:
        target = there.target
        Host.objects.create(
            name=name,
            address=target.address,
            port=target.port,
            user="ops",
            host_key=target.host_key,
        )
        try:
            _systemctl(home, "start")
            yield
        finally:
            _systemctl(home, "stop")


def _systemctl(home: Path, verb: str) -> None:
    subprocess.run(
        [str(HERE / "bin" / "systemctl"), verb, "dantaro-app"],
        env={**os.environ, "HOME": str(home)},
        check=True,
    )


@contextmanager
def load(port: int) -> Iterator[dict[str, Any]]:
    """What came of it stands there afterwards."""
    found: dict[str, Any] = {}
    asks = subprocess.Popen(
        [sys.executable, str(HERE / "load.py"), "127.0.0.1", str(port), str(A_SECOND)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield found
    finally:
        out, _err = asks.communicate(timeout=30)
        found |= json.loads(out)
