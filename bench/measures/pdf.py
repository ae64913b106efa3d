"""A long Korean postmortem as PDF, beside WeasyPrint alone and Chromium on the same HTML, style and fonts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bench.numbers import median, megabytes, ratio
from bench.printing import Print
from bench.printing_chromium import Chromium
from bench.printing_queue import HUNDRED, Queue
from bench.product import Product
from bench.table import Row


def measure(product: Product) -> Iterable[Row]:
    ours, alone = (
        Print(**json.loads(product.run("-m", "bench.printing", who))) for who in ("ours", "alone")
    )
    found = json.loads(product.run("-m", "bench.printing_chromium"))
    chromium = Chromium(**found) if found else None
    yield Row(
        f"PDF of {ours.pages} pages, warm",
        f"{median(ours.warm):.2f} s",
        f"{median(alone.warm):.2f} s WeasyPrint alone",
        ratio(median(ours.warm), median(alone.warm)),
        "≤ 1.2 s",
    )
    yield Row(
        "· processor of a warm one",
        f"{median(ours.processor):.2f} s",
        f"{median(alone.processor):.2f} s",
        ratio(median(ours.processor), median(alone.processor)),
    )
    yield Row(
        "· first of a fresh process, from its start",
        f"{ours.cold:.2f} s",
        f"{alone.cold:.2f} s; Chromium {_seconds(chromium)}",
        ratio(ours.cold, alone.cold),
    )
    yield Row(
        "· peak memory of that process",
        megabytes(ours.peak),
        f"{megabytes(alone.peak)}; Chromium {_memory(chromium)}",
        ratio(ours.peak, alone.peak),
        "≤ 200 MB",
    )
    yield Row(
        "· size of the file",
        f"{ours.size / 1000:,.0f} kB, tagged",
        f"{alone.size / 1000:,.0f} kB, untagged",
    )
    yield from _queue(product)


def _queue(product: Product) -> Iterable[Row]:
    queue = Queue(**json.loads(product.run("-m", "bench.printing_queue", timeout=900)))
    yield Row(
        f"· {HUNDRED} in a queue: what the worker holds, before and after",
        f"{megabytes(queue.worker_before)}, {megabytes(queue.worker_after)}",
        aim="no more",
    )
    yield Row(
        "· and the PDF maker, after ten and at most",
        f"{megabytes(queue.maker_first)}, {megabytes(queue.maker_most)}",
        f"{queue.makers} of them in {queue.seconds:,.0f} s",
        aim="≤ 300 MB",
    )


def _seconds(chromium: Chromium | None) -> str:
    return f"{median(chromium.seconds):.2f} s" if chromium else "not installed"


def _memory(chromium: Chromium | None) -> str:
    return megabytes(chromium.peak) if chromium else "not installed"
