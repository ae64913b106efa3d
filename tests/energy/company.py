"""The company's chain and its signer, as real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from energy.models import Role, Wallet
from integrations.tron import Node
from runbooks.domain.actions import Mode
from runbooks.models import Limits
from runbooks.registry import actions

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 60.0


class Company:
    """The sandbox and the signer. Blocks come each fifth of a second, and are solid after two."""

    def __init__(self, home: Path) -> None:
        self.home, self.socket = home, home / "s.sock"
        self.port, self.smtp_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "SANDBOX_PORT": str(self.port),
            "SANDBOX_SMTP_PORT": str(self.smtp_port),
            "BONGSU_HOME": str(home),
            "TRON_SIGNER_SOCKET": str(self.socket),
            "TRON_SIGNER_DAY_COUNT": "100000",
            "TRON_SIGNER_DAY_SUN": str(10**18),
            "TRON_SIGNER_LOOK_EVERY": "100000",  # its looks would meet faults meant for others
            "TRON_SIGNER_UNSEEN_AFTER": "100000",
        }
        self.http = httpx2.Client(base_url=self.url, timeout=10)
        self.processes = {"sandbox": self._start("-m", "sandbox")}
        self._wait(lambda: self.http.get("/healthz").is_success)
        self.pace()
        self._start_signer()

    @property
    def node(self) -> Node:
        return Node(f"{self.url}/tron/")

    def act(self, action: str, **wish: Any) -> None:
        self.http.post(f"/chain/{action}", json=wish).raise_for_status()

    def break_(self, name: str, **options: Any) -> None:
        self.http.post("/tron/faults", json={"name": name, **options}).raise_for_status()

    def calm(self) -> None:
        self.http.delete("/tron/faults").raise_for_status()

    def pace(self) -> None:
        self.act("pace", lag=2, block_ms=200)

    def account(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get("/chain.json").json()["accounts"][name]
        return found

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.home / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def _wait(self, ready: Any) -> None:
        until = time.monotonic() + WITHIN
        while time.monotonic() < until:
            try:
                if ready():
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError((self.home / "log").read_text())

    def restart_signer(self) -> None:
        self.processes["signer"].kill()
        self.processes["signer"].wait(10)
        self.socket.unlink()
        self._start_signer()

    def _start_signer(self) -> None:
        self.processes["signer"] = self._start("manage.py", "signer")
        self._wait(self.socket.exists)

    def end(self) -> None:
        self.http.close()
        for process in reversed(self.processes.values()):
            process.send_signal(signal.SIGTERM)
            process.wait(10)


@pytest.fixture(scope="session")
def running_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    company = Company(tmp_path_factory.mktemp("company"))
    yield company
    company.end()


class Firm(Company):
    """With its wallets, the markets and the wallet service, and every kind of action switched on."""

    hot: Wallet
    treasury: Wallet
    spare: Wallet

    @classmethod
    def of(cls, company: Company) -> "Firm":
        firm = cls.__new__(cls)
        firm.__dict__ |= company.__dict__
        for name, role in (
            ("hot", Role.HOT),
            ("treasury", Role.TREASURY),
            ("spare", Role.TREASURY),
        ):
            address = company.account(name)["address"]
            wallet, _made = Wallet.objects.update_or_create(
                address=address, defaults={"name": name, "role": role}
            )
            setattr(firm, name, wallet)
        for kind in actions:
            Limits.of(kind)
        Limits.objects.update(mode=Mode.ON)
        return firm

    def rail(self, name: str = "trc20-usdt") -> dict[str, Any]:
        headers = {"Authorization": "Bearer sandbox"}
        found: dict[str, Any] = self.http.get(
            f"/wallet-service/v1/rails/{name}", headers=headers
        ).json()
        return found

    def sales(self, market: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"/markets/{market}/book.json").json()["sales"]
        return found

    def trouble(self, place: str, name: str, **options: Any) -> None:
        wish = {"name": name, "count": 1, **options}
        self.http.post(f"/{place}/faults", json=wish).raise_for_status()


MARKETS = ("catfee", "tronsave", "tronzap")


@pytest.fixture
def firm(company: Company, settings: Any, db: None) -> Firm:
    for name in MARKETS:
        setattr(settings, f"{name.upper()}_URL", f"{company.url}/markets/{name}")
        company.http.delete(f"/markets/{name}/faults").raise_for_status()
        company.http.delete(f"/markets/{name}/book.json").raise_for_status()
    company.http.post("/wallet-service/reset", json={}).raise_for_status()
    company.http.delete("/tron2/faults").raise_for_status()
    settings.WALLET_SERVICE_URL = f"{company.url}/wallet-service"
    settings.TRON_SECOND_NODE_URL = f"{company.url}/tron2/"
    settings.MARKET_TIMEOUT = settings.WALLET_SERVICE_TIMEOUT = settings.TRON_TIMEOUT = 2.0
    return Firm.of(company)


@pytest.fixture
def company(running_company: Company, settings: Any) -> Company:
    running_company.calm()
    running_company.act("reset")
    settings.TRON_NODE_URL = f"{running_company.url}/tron/"
    settings.TRON_SIGNER_SOCKET = str(running_company.socket)
    return running_company


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
