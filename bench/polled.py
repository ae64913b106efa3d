"""200 checks that ask a Prometheus for 25 metrics each, and all of which can be made due at once.

What answers is a stand-in in this process that takes as long as a near server does.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from bench.database import Database
from bench.product import Product

CHECKS, EACH = 200, 25
METRICS: Final = CHECKS * (EACH + 2)  # with each check's own two
AWAY: Final = 0.05  # seconds until the stand-in answers
WITHIN: Final = 120.0
ADD: Final = """
INSERT INTO monitoring_check (name, collector, settings, host, kind, severity, interval, timeout, enabled, due_at,
    last_error, state, readings, since, silent)
SELECT 'bench ' || n, 'prometheus', %s::jsonb, '', 'application', 'P3', '1 h', '10 s', true, now() + interval '1 h',
    '', 'new', '[]', now(), false
FROM generate_series(1, %s) AS n
"""
DUE: Final = "UPDATE monitoring_check SET due_at = now() WHERE name LIKE 'bench %%' AND %s"
WAITING: Final = "SELECT count(*) FROM monitoring_check WHERE name LIKE 'bench %%' AND (last_ok_at IS NULL OR last_ok_at < %s)"
PASSED: Final = "SELECT extract(epoch FROM now() - min(last_run_at)) FROM monitoring_check WHERE name LIKE 'bench %%' AND %s"
REMOVE: Final = "DELETE FROM monitoring_check WHERE name LIKE 'bench %%' AND %s"


@contextmanager
def polled(product: Product) -> Iterator[None]:
    """The checks, until the block ends; none of them is due by itself meanwhile."""
    with _prometheus() as url:
        settings = {
            "url": url, "headers": "", "verify": True, "ca_file": "", "query": "bench", "metric": "",
            "unit": "", "empty_is_zero": False,
        }  # fmt: skip
        product.database.run(ADD, json.dumps(settings), CHECKS)
        try:
            yield
        finally:
            product.database.run(REMOVE, True)


def collect(database: Database) -> tuple[Any, float]:
    """When all became due, and the seconds from the first begun until all were stored.

    The tick before the first is not ours.
    """
    due = database.one("SELECT now()")
    database.run(DUE, True)
    until = time.monotonic() + WITHIN
    while left := int(database.one(WAITING, due)):
        if time.monotonic() > until:
            raise RuntimeError(f"{left} of {CHECKS} checks were not read")
        time.sleep(0.01)
    return due, float(database.one(PASSED, True))


@contextmanager
def _prometheus() -> Iterator[str]:
    rows = [
        {"metric": {"__name__": "bench_value", "n": str(n)}, "value": [0, str(n * 1.5)]}
        for n in range(EACH)
    ]
    data = {"resultType": "vector", "result": rows}
    body = json.dumps({"status": "success", "data": data}).encode()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(AWAY)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    class Server(ThreadingHTTPServer):
        request_queue_size = 256  # with the usual 5, who comes at once waits a second to be heard

    server = Server(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
