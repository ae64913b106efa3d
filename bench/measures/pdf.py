"""A long Korean postmortem as PDF, beside WeasyPrint alone on the same HTML, style and fonts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bench.numbers import median, megabytes, ratio
from bench.printing import Print
from bench.product import Product
from bench.table import Row


def measure(product: Product) -> Iterable[Row]:
    ours, alone = (
        Print(**json.loads(product.run("-m", "bench.printing", who))) for who in ("ours", "alone")
    )
    yield Row(
        f"PDF of {ours.pages} pages, warm",
        f"{median(ours.warm):.2f} s",
        f"{median(alone.warm):.2f} s WeasyPrint alone; Chromium 1.4 s",
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
        f"{alone.cold:.2f} s; Chromium 1.6 s",
        ratio(ours.cold, alone.cold),
    )
    yield Row(
        "· peak memory of that process",
        megabytes(ours.peak),
        f"{megabytes(alone.peak)}; Chromium 471 MB",
        ratio(ours.peak, alone.peak),
        "≤ 200 MB",
    )
    yield Row(
        "· size of the file",
        f"{ours.size / 1000:,.0f} kB, tagged",
        f"{alone.size / 1000:,.0f} kB, untagged",
    )
