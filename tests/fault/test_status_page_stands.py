"""Customers read what was last published, whatever else is down; and what changes, once things are back."""

from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256

import httpx2
import pytest

from tests.running import Product, until
from tests.story.telling import post

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(420)]

PATHS = (
    "/status/", "/status/en/", "/status/style.css", "/status/history/", "/status/history.atom",
    "/status/uptime.json", "/api/v2/summary.json", "/api/v2/incidents.json",
)  # fmt: skip
WORDS = "데이터베이스 없이 알려 드려요."
DOWN = ("worker-pages", "worker-background", "worker-crowd", "beat", "postgres")


def read(product: Product) -> dict[str, str]:
    answers = {path: httpx2.get(f"{product.url}{path}", timeout=10) for path in PATHS}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: sha256(answer.content).hexdigest() for path, answer in answers.items()}


def indicator(product: Product) -> str:
    said = httpx2.get(f"{product.url}/api/v2/status.json", timeout=10).json()
    return str(said["status"]["indicator"])


def test_an_alert_is_on_the_page_and_stays_there_while_everything_else_is_down(
    product: Product, tell: Callable[[object], None]
) -> None:
    door = product.integration("generic", name="status page")
    alert = {"title": "출금 중단", "severity": "critical", "service": "withdrawals", "key": "page"}
    post(door, alert)
    assert until(lambda: indicator(product) == "major", within=30)
    before = read(product)

    with ExitStack() as down:
        for name in DOWN:
            down.enter_context(product.kept_down(name))
        assert httpx2.get(f"{product.url}/readyz", timeout=10).status_code == 503
        assert read(product) == before
        product.manage("status_emergency", WORDS, "--title=입금 중단", "--set=입금=major_outage")
        assert WORDS in httpx2.get(f"{product.url}/status/", timeout=10).text
        journal = product.home / "public" / "emergency.json"
        said = journal.read_bytes()

    assert until(product.is_ready, within=60)
    product.kill("postgres")  # while the tables may be taking what was said
    assert until(product.is_ready, within=60)
    assert until(lambda: not journal.exists(), within=60)
    journal.write_bytes(said)  # as if who took it had died before it was forgotten
    assert until(lambda: not journal.exists(), within=60)
    told = "SELECT count(*) FROM statuspage_update WHERE body_ko = %s"
    assert product.sql(told, WORDS) == [(1,)]
    assert WORDS in httpx2.get(f"{product.url}/status/", timeout=10).text
    post(door, alert | {"service": "deposits", "key": "second"})
    assert until(lambda: read(product)["/status/"] != before["/status/"], within=30)
    tell(f"{len(PATHS)} addresses the same to the byte with {', '.join(DOWN)} killed")
