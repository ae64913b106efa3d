"""The status page read as fast as anybody can ask, beside a bare view and nginx; and a word's way onto it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from bench import ceiling, served
from bench.cpu import Meter
from bench.numbers import median, ratio, spread
from bench.product import Product
from bench.served import Missing
from bench.table import Row

COMPONENTS: Final = (1, 1_000)
PATHS: Final = {"page": "/status/", "summary.json": "/api/v2/summary.json"}
SECONDS: Final = 3
ROUNDS: Final = 3
WORDS: Final = 20
MAKE: Final = """
from datetime import timedelta
from core import clock
from statuspage.models import Change, Component
from statuspage.services import publish_due
now = clock.database_now()
Component.objects.all().delete()
Component.objects.bulk_create(
    Component(name_ko=f'구성 요소 {n}', name_en=f'Component {n}', position=n, since=now.date() - timedelta(days=30))
    for n in range(%d)
)
Change.objects.note('bench', at=now)
publish_due(at=now)
"""
SAY: Final = """
import json, time, urllib.request
from core import clock
from statuspage.domain.phases import Phase
from statuspage.models import Notice
from statuspage.services import Words, say
notice = Notice.objects.create(title_ko='출금 지연', phase=Phase.INVESTIGATING, started_at=clock.now())
took = []
for n in range(%d):
    words = f'{notice.pk}번 소식을 {n}번째로 알려요.'
    say(notice, Words(Phase.INVESTIGATING, words), by=None, at=clock.database_now())
    began = time.monotonic()
    while words not in urllib.request.urlopen('http://127.0.0.1:%d/status/', timeout=10).read().decode():
        time.sleep(0.01)
    took.append(time.monotonic() - began)
    time.sleep(0.3)
print(json.dumps(took))
"""


def measure(product: Product) -> Iterable[Row]:
    try:
        for count in COMPONENTS:
            product.run("manage.py", "shell", "-c", MAKE % count)
            yield from _served(product, count)
            took = _published(product)
            yield Row(
                f"a word, {count:,} components: said → on the page, p50/p95/p99/max", spread(took),
                aim="p95 < 1 s",
            )  # fmt: skip
    except Missing as missing:
        yield Row("the page", str(missing))


def _served(product: Product, count: int) -> Iterable[Row]:
    root = product.home / "public" / "current"
    folder = product.home / f"nginx-{count}"
    with (
        ceiling.running(product) as bare,
        served.nginx(root, folder, after=bare.port + 1) as nginx,
    ):
        for name, path in PATHS.items():
            file = f"{path}index.html" if path.endswith("/") else path
            asked = {product.port: path, bare.port: f"/held{file}", nginx: file}
            rates, processor = _in_turns(product, asked)
            ours, view, plain = (rates[port] for port in asked)
            size = (root / file.lstrip("/")).stat().st_size / 1024
            yield Row(
                f"{name}, {count:,} components", f"{ours:,.0f}/s",
                f"bare view {view:,.0f}/s; nginx {plain:,.0f}/s",
                f"{ratio(ours, view)}; {ratio(ours, plain)}", "≥ 8,000/s, ≥ 80 % of the view",
            )  # fmt: skip
            yield Row(
                "· processor of the web a request; size", f"{processor * 1e6:,.0f} µs; {size:,.0f} kB",
                aim="< 50 kB" if name == "page" else "",
            )  # fmt: skip


def _in_turns(product: Product, asked: dict[int, str]) -> tuple[dict[int, float], float]:
    """A machine that gets slower does so for all three: of each the median of its turns."""
    found: dict[int, list[float]] = {port: [] for port in asked}
    costs = []
    for _ in range(ROUNDS):
        for port, path in asked.items():
            with Meter({"web": product.pids["web"]}) as meter:
                found[port].append(served.rate(port, path, seconds=SECONDS))
            if port == product.port:
                costs.append(meter.of("web") / meter.seconds / found[port][-1])
    return {port: median(rates) for port, rates in found.items()}, median(costs)


def _published(product: Product) -> list[float]:
    said = product.run("manage.py", "shell", "-v", "0", "-c", SAY % (WORDS, product.port))
    took: list[float] = json.loads(said.strip().splitlines()[-1])
    return took
