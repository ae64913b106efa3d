"""One file for each thing that is measured: `measure(product)` gives rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.measures import (
    backups,
    capacity,
    checks,
    crowd,
    detection,
    energy,
    faults,
    figures,
    growth,
    heartbeats,
    ingest,
    judges,
    latency,
    logs,
    memory,
    monitor,
    opened,
    pdf,
    processed,
    pushed,
    recovery,
    room,
    rules,
    runbooks,
    samples,
    start,
    status,
)
from bench.product import Product
from bench.table import HEADINGS, Row


@dataclass(frozen=True)
class Measure:
    name: str
    run: Callable[[Product], Iterable[Row]]
    fresh: bool = False  # wants a product of its own, with an empty database
    headings: tuple[str, ...] = HEADINGS


@dataclass(frozen=True)
class Alone:
    """Measured without a running product."""

    name: str
    run: Callable[[], Iterable[Row]]
    headings: tuple[str, ...] = HEADINGS


ALL: tuple[Measure | Alone, ...] = (
    Alone("detection", detection.measure),
    Alone("capacity", capacity.measure),
    Alone("faults", faults.measure),
    Alone("recovery", recovery.measure),
    Alone("backups", backups.measure),
    Alone("start", start.measure),
    # Before thousands of incidents keep busy whoever follows them.
    Measure("latency", latency.measure),
    Measure("ingest", ingest.measure),
    Measure("heartbeats", heartbeats.measure),
    Measure("logs", logs.measure),
    Measure("processed", processed.measure),
    Measure("memory", memory.measure),
    Measure("room", room.measure),
    Measure("pdf", pdf.measure),
    Measure("rules", rules.measure),
    Measure("pushed", pushed.measure),
    Measure("checks", checks.measure),
    Measure("monitor", monitor.measure),
    Measure("judges", judges.measure),
    Measure("energy", energy.measure),
    Measure("runbooks", runbooks.measure),
    Measure("crowd", crowd.measure, fresh=True),
    Measure("status", status.measure, fresh=True),
    Measure("samples", samples.measure, fresh=True),
    Measure("open", opened.measure, fresh=True),
    Measure("figures", figures.measure, fresh=True),
    Measure("growth", growth.measure, fresh=True, headings=growth.HEADINGS),
)
