"""Memory of each process after work: PSS, which shares what is shared among those who share it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import psutil

from bench.cpu import households
from bench.load import Order, send
from bench.numbers import megabytes
from bench.payloads import Shape
from bench.product import Product
from bench.table import Row

COUNT = 1000
DATABASE = "postgres"
PEER = "OnCall 680 MB (web and workers)"


def measure(product: Product) -> Iterable[Row]:
    path = product.integration("bench memory")
    send(Order(product.port, path, Shape("memory", "each"), count=COUNT))
    product.database.settle()
    pss = {name: _pss(found) for name, found in households(product.pids).items()}
    apart = pss.pop(DATABASE, 0)
    yield Row(
        "memory (PSS) of the default run without PostgreSQL",
        megabytes(sum(pss.values())),
        PEER,
        aim="≤ 450 MB",
    )
    largest = sorted(pss.items(), key=lambda pair: -pair[1])
    yield Row("· of these", ", ".join(f"{name} {size / 1e6:.0f}" for name, size in largest) + " MB")
    yield Row("· PostgreSQL, apart", megabytes(apart))


def _pss(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error, AttributeError):  # only Linux knows of PSS
            total += process.memory_full_info().pss
    return total
