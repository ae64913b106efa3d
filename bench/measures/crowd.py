"""An update of the status page to a hundred thousand subscribers by mail, the worker killed twice on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from typing import Final

import psutil

from bench import raw_mail
from bench.product import Product
from bench.table import Row
from config.options import MAIL_OFFSET

CROWD: Final = int(os.environ.get("BONGSU_BENCH_CROWD", "100000"))
LINES: Final = 4
WITHIN: Final = 400.0
SUBSCRIBE: Final = """
INSERT INTO statuspage_subscriber
    (key, way, address, contact, shape, failures, language, standing, components, groups, minimum, incidents, maintenance,
     quiet, created_at, confirmed_at, why, soft_bounces, letter, letter_tries)
SELECT gen_random_uuid(), 'email', 'n' || number || '@example.com', '', 'standard', 0, 'ko', 'active', '{}', '{}', 'none',
       true, true, false, now(), now(), '', 0, '', 0
  FROM generate_series(%s::int, %s::int) AS number
"""
SAY: Final = """
from core import clock
from statuspage.domain.phases import Phase
from statuspage.models import Notice
from statuspage.services import Words, say
notice = Notice.objects.create(title_ko='출금 지연', phase=Phase.INVESTIGATING, started_at=clock.now())
say(notice, Words(Phase.INVESTIGATING, '살펴보고 있어요.'), by=None, at=clock.database_now())
"""
SENT: Final = """
SELECT (SELECT coalesce(sum(sent), 0) FROM statuspage_mailing)
     + (SELECT coalesce(sum(sent), 0) FROM statuspage_batch)
"""
DONE: Final = "SELECT count(*) FROM statuspage_mailing WHERE way = 'email' AND done_at IS NOT NULL"
TABLES: Final = "SELECT pg_total_relation_size('statuspage_batch') + pg_total_relation_size('statuspage_mailing')"


def measure(product: Product) -> Iterable[Row]:
    raw = raw_mail.rate(product.sandbox_port + MAIL_OFFSET, lines=LINES, mails=8_000)
    product.database.run(SUBSCRIBE, 1, CROWD)
    before = product.inbox.last_id()
    product.run("manage.py", "shell", "-c", SAY)
    _until(product, SENT, CROWD // 20)
    small = _memory(product)
    first, began = _sent(product), time.monotonic()
    _until(product, SENT, CROWD // 2)
    rate = (_sent(product) - first) / (time.monotonic() - began)
    large = _memory(product)
    for share in (0.5, 0.75):
        _until(product, SENT, int(CROWD * share))
        os.kill(product.pids["worker-crowd"], signal.SIGKILL)
    _until(product, DONE, 1)
    repeats = product.inbox.last_id() - before - CROWD
    yield Row(
        f"mails to {CROWD:,} subscribers, {LINES} connections", f"{rate:,.0f}/s",
        f"raw SMTP {raw:,.0f}/s", f"{rate / raw:.0%}", "≥ 1,500/s, ≥ 80 %",
    )  # fmt: skip
    yield Row(
        "· told, by our own count, the worker killed twice", f"{_sent(product):,} of {CROWD:,}",
        aim="all",
    )  # fmt: skip
    yield Row("· mails that came twice, of one Message-ID", f"{repeats}", aim=f"≤ {2 * LINES}")
    yield Row(
        "· the worker's memory after 5 % and after 50 %", f"{small:.0f} and {large:.0f} MB",
        aim="flat",
    )  # fmt: skip
    yield Row("· tables of what is on its way", f"{product.database.one(TABLES) / 1024:,.0f} kB")


def _sent(product: Product) -> int:
    return int(product.database.one(SENT))


def _until(product: Product, question: str, least: int) -> None:
    _wait(lambda: int(product.database.one(question)) >= least)


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the crowd was not told in time")
        time.sleep(0.1)


def _memory(product: Product) -> float:
    return float(psutil.Process(product.pids["worker-crowd"]).memory_full_info().uss) / 1e6
