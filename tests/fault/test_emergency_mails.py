"""Without a database subscribers are mailed by a command that is killed twice: each hears it, and nobody again later."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import httpx2
import pytest

from config.children import BASE
from tests.fault.test_killed_crowd import LINES, SUBSCRIBE
from tests.running import Product, until

pytestmark = [pytest.mark.fault, pytest.mark.enable_socket, pytest.mark.timeout(900)]

CROWD = int(os.environ.get("BONGSU_TEST_CROWD", "2000"))
WORDS = "데이터베이스 없이 메일로도 알려 드려요."
DOWN = ("worker-pages", "worker-background", "worker-crowd", "beat", "postgres")
KEEP = """
from core import clock
from statuspage import tokens
from statuspage.models import Subscriber
from statuspage.services.keeping import keep
keep(at=clock.database_now())
print(tokens.leaving(Subscriber.objects.get(address='n1@example.com').key))
"""
TAKEN = """
SELECT m.sent, m.foretold FROM statuspage_mailing m JOIN statuspage_update u ON u.id = m.update_id
 WHERE u.body_ko = %s AND m.way = 'email' AND m.done_at IS NOT NULL
"""


def came(product: Product) -> list[dict[str, object]]:
    return [one for one in product.sandbox.journal() if WORDS in str(one.get("text", ""))]


def how_many(product: Product) -> int:
    """To take each letter apart, again and again, would take the processor from who sends them."""
    return sum(WORDS in line for line in product.sandbox.journal_file.read_text().splitlines())


def test_each_hears_it_once_though_the_command_is_killed_twice(
    product: Product, tell: Callable[[object], None]
) -> None:
    product.sql(SUBSCRIBE, CROWD)
    token = product.manage("shell", "-c", KEEP).splitlines()[-1]

    with ExitStack() as down:
        for name in DOWN:
            down.enter_context(product.kept_down(name))
        link = f"{product.url}/status/unsubscribe/{token}/"
        left = httpx2.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=10)
        assert left.status_code == 202
        product.manage("status_emergency", WORDS, "--title=입금 중단", "--set=입금=major_outage")
        for share in (CROWD // 5, CROWD * 3 // 5):
            begin_and_kill(product, after=share)
        said = product.manage("status_emergency", "--mail", "--yes")
        product.manage("status_emergency", "--mail", "--yes")
    mailed = len(came(product))

    assert until(product.is_ready, within=60)
    assert until(lambda: product.sql(TAKEN, WORDS), within=120)
    letters = came(product)
    repeats = [one for one in letters if one["duplicate"]]
    told = Counter(one["to"] for one in letters)
    tell(f"{CROWD} kept, {len(repeats)} by two mails of one Message-ID; {said.splitlines()[-1]}")
    assert set(told) == {f"n{number}@example.com" for number in range(2, CROWD + 1)}
    assert len(letters) - len(told) == len(repeats) <= 2 * LINES
    assert len(letters) == mailed  # the database sent nothing a second time
    assert product.sql(TAKEN, WORDS) == [(CROWD - 1, CROWD - 1)]
    assert not list((product.home / "emergency").glob("*.sent"))


def begin_and_kill(product: Product, *, after: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "status_emergency", "--mail", "--yes"],
        cwd=BASE, env=product.environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert until(lambda: how_many(product) > after, within=120, every=0.05)
    finally:
        process.kill()
        process.wait()
