import struct
import subprocess
from contextlib import suppress

import cramjam
import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from monitoring import services
from monitoring.domain.remote_write import STALE, read
from monitoring.models import Metric
from monitoring.services import add_integration
from tests.monitoring.test_sampling import NOW, rows
from tests.programs import program
from tests.running import free_ports, until
from tests.story.monitors import is_ready


def varint(number):
    number &= (1 << 64) - 1
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def block(field, body):
    return varint(field << 3 | 2) + varint(len(body)) + body


def sample(value, at):
    raw = value if isinstance(value, bytes) else struct.pack("<d", value)
    return block(2, b"\x09" + raw + b"\x10" + varint(at))


def series(labels, *samples, more=b""):
    written = [block(1, block(1, n.encode()) + block(2, t.encode())) for n, t in labels.items()]
    return block(1, b"".join([*written, *samples]) + more)


def millis(at=NOW):
    return int(at.timestamp() * 1000)


UP = {"__name__": "up", "job": "wallet", "empty": ""}


def test_samples_are_read_with_their_labels_and_times():
    found = read(
        series(UP, sample(1, millis()), sample(0.5, millis() + 15_000))
        + block(3, b"\x08\x01\x12\x02up")  # metadata
        + series({"__name__": "old"}, sample(2, -1000), more=b"\x18\x05\x25abcd")
    )

    assert not found.refused
    assert [(one.metric.name, one.metric.labels, one.value) for one in found.points] == [
        ("up", {"job": "wallet"}, 1),
        ("up", {"job": "wallet"}, 0.5),
        ("old", {}, 2),
    ]
    assert found.points[0].at == NOW
    assert found.points[2].at.year == 1969


def test_a_value_of_zero_at_the_epoch_is_a_sample_without_fields():
    (point,) = read(series(UP, block(2, b""))).points

    assert (point.value, point.at.year) == (0, 1970)


def test_the_end_of_a_series_and_what_could_not_be_computed_are_no_faults():
    nan, infinite = struct.pack("<d", float("nan")), float("inf")

    found = read(
        series(UP, sample(STALE, 0), sample(nan, 0), sample(infinite, 0), more=block(4, b""))
    )

    assert (found.points, found.refused) == ([], {})
    assert found.passed_over == {
        "the mark that a series has ended": 1,
        "not a number, as Prometheus writes what it could not compute": 2,
        "a native histogram": 1,
    }


def test_a_series_that_cannot_be_kept_does_not_spoil_the_others():
    found = read(
        series({"job": "nameless"}, sample(1, 0), sample(2, 0))
        + series({"__name__": "n" * 300}, sample(1, 0))
        + series({"__name__": "far"}, sample(1, 1 << 62))
        + series(UP, sample(1, 0))
    )

    assert [point.metric.name for point in found.points] == ["up"]
    assert sum(found.refused.values()) == 4


@pytest.mark.parametrize(
    "body",
    [
        b"\x0a", b"\x0a\x05ab", b"\x0b", b"\xff" * 12, b"\x08", b"\x09abc", b"\x0a\x03\x0a\x05a",
        block(1, block(1, block(1, b"\xff"))),
    ],
)  # fmt: skip
def test_what_is_no_write_request_is_refused(body):
    with pytest.raises(ValueError):
        read(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    with suppress(ValueError):
        read(body)


@pytest.fixture
def door(db):
    _, token = add_integration("metrics", name="prometheus")
    return f"/ingest/metrics/{token}/api/v1/write"


def post(door, body, content_type="application/x-protobuf"):
    packed = bytes(cramjam.snappy.compress_raw(body))
    return Client().post(
        door, packed, content_type=content_type, headers={"content-encoding": "snappy"}
    )


def test_what_is_good_is_kept_and_what_is_not_is_told_once(door):
    now = millis(clock.now())

    answer = post(door, series(UP, sample(1, now), sample(1, 0)) + series({}, sample(1, now)))

    assert answer.status_code == 400  # a Prometheus does not send it again
    assert answer.json()["refused"] == {"older than samples are kept": 1, "without a name": 1}
    assert [value for _, value in rows()] == [1]


def test_an_end_alone_is_no_mistake(door):
    assert post(door, series(UP, sample(STALE, millis(clock.now())))).status_code == 200
    assert rows() == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"\xff" * 9, "application/x-protobuf", 400),
        (b"", "application/x-protobuf;proto=io.prometheus.write.v2.Request", 415),
    ],
)
def test_what_is_not_understood_is_not_sent_again(door, body, content_type, status):
    assert post(door, body, content_type).status_code == status


def test_what_cannot_be_stored_now_is_sent_again(door, monkeypatch):
    def away(*_, **__):
        raise OperationalError("the database is away")

    monkeypatch.setattr(services, "write", away)

    answer = post(door, series(UP, sample(1, millis(clock.now()))))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


PROMETHEUS = """
global: {{scrape_interval: 1s, external_labels: {{site: seoul}}}}
scrape_configs:
  - job_name: itself
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
remote_write:
  - url: {url}{door}
    queue_config: {{batch_send_deadline: 1s}}
"""


@pytest.fixture
def prometheus(live_server, tmp_path):
    """Debian's Prometheus, which scrapes itself and hands on what it finds; and its port."""
    command = program("prometheus", package="prometheus")
    _, token = add_integration("metrics", name="prometheus")
    port, _ = free_ports()
    wired = PROMETHEUS.format(
        port=port, url=live_server, door=f"/ingest/metrics/{token}/api/v1/write"
    )
    (tmp_path / "prometheus.yml").write_text(wired)
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(
            [command, "--config.file=prometheus.yml", f"--web.listen-address=127.0.0.1:{port}",
             "--storage.tsdb.path=data"],
            cwd=tmp_path, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        assert until(lambda: is_ready(port), within=30), (tmp_path / "log").read_text()
        yield tmp_path / "log"
    finally:
        running.kill()
        running.wait()


@pytest.mark.enable_socket
def test_a_real_prometheus_hands_on_what_it_scrapes(prometheus):
    assert until(lambda: Metric.objects.filter(name="up").exists(), within=30)
    up = Metric.objects.get(name="up")
    assert (up.labels["job"], up.labels["site"]) == ("itself", "seoul")
    assert until(lambda: len([value for _, value in rows() if value == 1]) > 1, within=30)
    # Its own summaries are full of what it could not compute, and nothing of that is a fault.
    assert Metric.objects.filter(name="go_goroutines").exists()
    log = prometheus.read_text()
    assert "non-recoverable" not in log, log
