"""Who tells people that nobody can be told any more, while the real product cannot page."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.children import BASE
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(300)]

SOMEBODY, ELSE = "+821099990000", "night@example.com"
WORDS = "봉수"


class Outside(HTTPServer):
    """A watcher elsewhere, that counts pings and keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pings, self.told = 0, list[str]()


class _Answer(BaseHTTPRequestHandler):
    server: Outside

    def do_GET(self) -> None:
        self.server.pings += 1
        self._yes()

    def do_POST(self) -> None:
        self.server.told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._yes()

    def _yes(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def outside() -> Iterator[Outside]:
    with Outside() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def guarding(product: Product, outside: Outside) -> Iterator[subprocess.Popen[bytes]]:
    here = f"http://127.0.0.1:{outside.server_port}"
    people = f"sms:{SOMEBODY}, email:{ELSE}, webhook:{here}/room, webhook:http://127.0.0.1:1/dead"
    env = product.environment | {
        "BONGSU_GUARD_TO": people,
        "BONGSU_GUARD_PING_URL": f"{here}/ping",
        "BONGSU_GUARD_PATIENCE": "2",
        "TWILIO_BACKUP_API_URL": f"{product.sandbox.url}/twilio-backup",
    }
    process = subprocess.Popen([sys.executable, "manage.py", "guard"], cwd=BASE, env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_people_hear_past_everything_that_is_broken_and_the_outside_hears_while_it_is_not(
    product: Product, outside: Outside, tell: Callable[[object], None]
) -> None:
    with guarding(product, outside) as guard:
        assert until(lambda: outside.pings == 1, within=60), "nobody outside was pinged"
        assert outside.told == []

        with product.kept_down("worker-pages"):
            # The first account is out of order too.
            product.sandbox.misbehave("sms", mode="fail")
            product.sandbox.expect("sms", to=SOMEBODY, containing=WORDS, within=60)
            product.sandbox.expect("email", to=ELSE, containing=WORDS, within=30)
            assert until(lambda: len(outside.told) == 1, within=30)
            product.sandbox.calm()

        assert "worker" in outside.told[0]
        assert until(lambda: len(outside.told) == 2, within=120), "nobody heard that it is over"
        assert guard.poll() is None
    tell(f"{outside.pings} pings, told {len(outside.told)} times")


def test_a_wrong_address_is_said_at_the_start(product: Product) -> None:
    env = product.environment | {"BONGSU_GUARD_TO": "sms:010-1234-5678"}
    said = subprocess.run(
        [sys.executable, "manage.py", "guard"],
        cwd=BASE, env=env, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert said.returncode == 1
    assert "010-1234-5678" in said.stderr
    assert "Traceback" not in said.stderr
