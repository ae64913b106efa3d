"""A log followed by the product's own watcher, beside a bare reading of the same file."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.cpu import Meter
from bench.numbers import ratio
from bench.product import Product
from bench.table import Row

LINES = 400_000
RATE, SECONDS = 10_000, 20
WITHIN = 300.0
ADD = """INSERT INTO monitoring_logsource
    (name, kind, place, enabled, from_start, tell_new, lines, errors, lost, cut, lag_seconds,
     lag_bytes, trouble, told, cursor, changed_at)
VALUES (%s, 'file', %s, true, true, false, 0, 0, 0, 0, 0, 0, '', false, '', now())"""
READ = "SELECT lines FROM monitoring_logsource WHERE name = %s"
LAG = "SELECT lag_seconds FROM monitoring_logsource WHERE name = %s"
GONE = "UPDATE monitoring_logsource SET enabled = false, changed_at = now() WHERE name = %s"

USUAL = (
    "2026-11-28T19:20:{n:02}.123Z INFO  [http-nio-8080-exec-{n}] c.d.w.WithdrawalController -"
    " withdrawal {i} accepted for user {u} amount=120.5 USDT in {n} ms"
)
WRONG = (
    "2026-11-28T19:20:{n:02}.123Z ERROR [http-nio-8080-exec-{n}] c.d.w.Withdrawal - withdrawal {i}"
    " to TJRabPrwbZy45sbavfcjinPJC18kjpRTv8 failed: connection refused by 10.2.3.{n}:5432"
)


def measure(product: Product) -> Iterable[Row]:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        usual, wrong = here / "usual.log", here / "wrong.log"
        _write(usual, _lines(every=100))
        _write(wrong, _lines(every=1))
        bare = _bare(usual)
        yield from _backlog(product, usual, f"lines of a log, {LINES:,} at once", bare)
        yield from _backlog(product, wrong, "· the same, each an error that a pattern fits", None)
        yield from _steady(product, here / "steady.log")


def _backlog(product: Product, log: Path, name: str, bare: float | None) -> Iterable[Row]:
    with Meter(product.pids) as meter:
        began = time.monotonic()
        _follow(product, log)
        while _read(product, log) < LINES - 1 and time.monotonic() - began < WITHIN:
            time.sleep(0.1)
        rate = LINES / (time.monotonic() - began)
    product.database.run(GONE, log.name)
    beside = (f"{bare:,.0f}/s bare reading", ratio(rate, bare)) if bare else ("", "")
    yield Row(f"{name}: read, matched, written", f"{rate:,.0f}/s", *beside, aim="≥ 10,000/s")
    each = meter.of("watch-logs") / LINES * 1e6
    yield Row("· processor a line", f"{each:.0f} µs", aim="≤ 100 µs")


def _steady(product: Product, log: Path) -> Iterable[Row]:
    """As a busy service writes: so many lines each second, and how far the watcher is behind."""
    log.touch()
    _follow(product, log)
    lines, worst = itertools.cycle(list(_lines(every=100))[:50_000]), 0.0
    with Meter(product.pids) as meter, log.open("a") as file:
        began = time.monotonic()
        for tenth in range(SECONDS * 10):
            file.writelines(itertools.islice(lines, RATE // 10))
            file.flush()
            worst = max(worst, float(product.database.one(LAG, log.name) or 0))
            time.sleep(max(0.0, began + (tenth + 1) / 10 - time.monotonic()))
    time.sleep(3)
    missing = RATE * SECONDS - _read(product, log)
    product.database.run(GONE, log.name)
    yield Row(f"{RATE:,} lines a second for {SECONDS} s: of one core", f"{meter.of('watch-logs') / meter.seconds:.0%}")  # fmt: skip
    yield Row("· furthest behind; lines missing 3 s later", f"{worst:.1f} s; {max(0, missing - 1)}", aim="≤ 1 s; 0")  # fmt: skip


def _follow(product: Product, log: Path) -> None:
    product.database.run(ADD, log.name, str(log))


def _read(product: Product, log: Path) -> int:
    return int(product.database.one(READ, log.name) or 0)


def _lines(*, every: int) -> Iterator[str]:
    for i in range(LINES):
        shape = WRONG if i % every == 0 else USUAL
        yield shape.format(n=i % 60, i=i, u=i * 7 % 9_973) + "\n"


def _write(log: Path, lines: Iterable[str]) -> None:
    with log.open("w") as file:
        file.writelines(lines)


def _bare(log: Path) -> float:
    """Lines a second that Python reads and splits, and does nothing with."""
    began, count = time.perf_counter(), 0
    with log.open("rb") as file:
        for _line in file:
            count += 1
    return count / (time.perf_counter() - began)
