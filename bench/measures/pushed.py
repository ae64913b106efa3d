"""Samples pushed over HTTP, as text, packed text and remote-write, beside a bare COPY into the same table."""

from __future__ import annotations

import gzip
import io
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Final

import cramjam

from bench.cpu import Meter
from bench.numbers import ratio
from bench.product import Product
from bench.table import Row

SERIES: Final = 2_000  # in a push, as many as a Prometheus sends at once
PUSHES: Final = 12  # of each kind; the first makes the metrics and is not counted
STEP: Final = timedelta(minutes=1)
FAR: Final = 1 << 41  # metrics of the bare COPY
COUNT: Final = "SELECT count(*) FROM monitoring_sample WHERE metric_id < 1099511627776"
COPY: Final = "COPY monitoring_sample (metric_id, at, value) FROM STDIN"
Push = tuple[bytes, dict[str, str]]


def measure(product: Product) -> Iterable[Row]:
    said = product.run("manage.py", "integration", "add", "metrics", "--name", "bench")
    path = "/" + said.splitlines()[0].split("/", 3)[3]
    bare = _bare(product)
    for name, place, packed in (
        ("text", path, _text),
        ("text, gzip", path, _packed_text),
        ("remote-write", f"{path}api/v1/write", _handed_on),
    ):
        with Meter(product.pids) as meter:
            rate, stored = _pushed(product, place, packed)
        yield Row(
            f"samples pushed by one sender, {SERIES:,} at once: {name}",
            f"{rate:,.0f}/s",
            f"{bare:,.0f}/s bare COPY",
            ratio(rate, bare),
        )
        each = SERIES * PUSHES / 1000 / 1000  # of the meter's seconds, milliseconds
        yield Row(
            "· processor for a thousand: web + PostgreSQL; stored of sent",
            f"{meter.of('web') / each:.0f} + {meter.of('postgres') / each:.0f} ms;"
            f" {stored:,} of {SERIES * PUSHES:,}",
        )


def _pushed(product: Product, path: str, packed: Callable[[datetime], Push]) -> tuple[float, int]:
    """Samples a second of all pushes but the first, and how many were stored in all."""
    before, took = int(product.database.one(COUNT)), 0.0
    connection = HTTPConnection("127.0.0.1", product.port, timeout=60)
    pushes = [packed(moment) for moment in _moments(path)]
    for number, (body, headers) in enumerate(pushes):
        began = time.monotonic()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(said)
        took += (time.monotonic() - began) if number else 0.0
    connection.close()
    stored = int(product.database.one(COUNT)) - before
    return SERIES * (PUSHES - 1) / took, stored


def _moments(path: str) -> Iterator[datetime]:
    """Of each kind others: a repetition is slower, and none is meant."""
    newest = datetime.now(UTC) - timedelta(seconds=hash(path) % 50)
    return (newest - number * STEP for number in range(PUSHES))


def _labels(number: int) -> dict[str, str]:
    host = f"10.0.0.{number // 64}:9100"
    return {"cpu": str(number % 64), "instance": host, "job": "node", "mode": "idle", "site": "a"}


def _text(at: datetime, kind: str = "text") -> Push:
    moment = int(at.timestamp() * 1000)
    lines = []
    for number in range(SERIES):
        labels = ",".join(f'{name}="{value}"' for name, value in _labels(number).items())
        lines.append(f"cpu_{kind}_seconds_total{{{labels}}} {number * 1.5} {moment}\n")
    return "".join(lines).encode(), {}


def _packed_text(at: datetime) -> Push:
    return gzip.compress(_text(at, "packed")[0]), {"Content-Encoding": "gzip"}


def _handed_on(at: datetime) -> Push:
    moment = int(at.timestamp() * 1000)
    body = b"".join(_series(number, moment) for number in range(SERIES))
    headers = {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf"}
    return bytes(cramjam.snappy.compress_raw(body)), headers


def _series(number: int, moment: int) -> bytes:
    labels = {"__name__": "cpu_handed_on_seconds_total"} | _labels(number)
    parts = [_block(1, _block(1, n.encode()) + _block(2, t.encode())) for n, t in labels.items()]
    sample = b"\x09" + struct.pack("<d", number * 1.5) + b"\x10" + _varint(moment)
    return _block(1, b"".join([*parts, _block(2, sample)]))


def _block(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _bare(product: Product) -> float:
    """The same number of rows, ready to send, in as many statements."""
    newest, took = datetime.now(UTC), 0.0
    for push in range(PUSHES):
        at = (newest - push * STEP).isoformat()
        rows = "".join(f"{FAR + number}\t{at}\t{number * 1.5}\n" for number in range(SERIES))
        began = time.monotonic()
        product.database.copy(COPY, io.StringIO(rows))
        took += (time.monotonic() - began) if push else 0.0
    return SERIES * (PUSHES - 1) / took
