"""How long a start takes, in an empty home and in one that there is, and a stop."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench.numbers import median
from bench.product import started
from bench.table import Row

AGAIN = 3


def measure() -> Iterable[Row]:
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-", ignore_cleanup_errors=True) as home:
        first, stop = _once(Path(home))
        yield Row("first start in an empty home, libraries installed", f"{first:.1f} s")
        later = [_once(Path(home)) for _ in range(AGAIN)]
    yield Row(f"second start, median of {AGAIN}", f"{median(each[0] for each in later):.1f} s", aim="≤ 10 s")  # fmt: skip
    longest = max(stop, *(each[1] for each in later))
    yield Row("· stopped by SIGTERM, the longest", f"{longest:.1f} s", aim="≤ 10 s")


def _once(home: Path) -> tuple[float, float]:
    """Seconds until it says that it is ready, and until it is gone."""
    began = time.monotonic()
    with started(home):
        ready = time.monotonic()
        time.sleep(1)
        asked = time.monotonic()
    return ready - began, time.monotonic() - asked
