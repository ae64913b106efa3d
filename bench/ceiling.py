"""The bare view of `bench.bare` as a running server beside the product's."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.product import DidNotStart, Product, is_free
from config.children import BASE
from config.processes import web

PATH = "/insert/"
UNCHANGED = "/unchanged/"
STARTED_WITHIN = 30.0
TABLE = """
CREATE TABLE IF NOT EXISTS bench_bare (
    id bigserial PRIMARY KEY, received_at timestamptz NOT NULL, body jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS bench_bare_received ON bench_bare (received_at);
"""


@dataclass(frozen=True)
class Ceiling:
    port: int
    pid: int


@contextlib.contextmanager
def running(product: Product) -> Iterator[Ceiling]:
    product.database.run(TABLE)
    port = next(port for port in range(product.port + 1, 32000) if is_free(port))
    options = web("127.0.0.1", port)[:-1]
    command = [sys.executable, "-m", "config.web", *options, "bench.bare:application"]
    with (product.home / "log" / "bare.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603
            command, cwd=BASE, env=product.environment, stdout=log, stderr=log
        )
    try:
        _wait_until_open(server, port)
        yield Ceiling(port, server.pid)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=8)
        server.kill()
        server.wait()


def _wait_until_open(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while is_free(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart("the bare view does not run: `python -c 'import bench.bare'`")
        time.sleep(0.1)
