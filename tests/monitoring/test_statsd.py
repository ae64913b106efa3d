"""StatsD's clients, heard over real sockets."""

import asyncio
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import DataError, OperationalError
from hypothesis import given
from hypothesis import strategies as st

from config.children import BASE
from monitoring import services, statsd
from monitoring.domain.backlog import Backlog
from monitoring.domain.samples import Identity, Point
from monitoring.domain.statsd import (
    IDLE,
    MOST_MEMBERS,
    NO_KIND,
    NO_LINE,
    NO_NUMBER,
    OTHER_KIND,
    TOO_MANY,
    TOO_MANY_MEMBERS,
    Aggregate,
)
from monitoring.models import Metric
from tests.monitoring.test_sampling import NOW, rows
from tests.running import free_ports, until


def reported(*packets, most=100, seconds=10.0):
    heard = Aggregate(most)
    for packet in packets:
        heard.hear(packet if isinstance(packet, bytes) else packet.encode())
    return {str_of(one.metric): one.value for one in heard.report(NOW, seconds)}


def str_of(metric):
    labels = ",".join(f"{name}={text}" for name, text in metric.labels.items())
    return f"{metric.name}{{{labels}}}" if labels else metric.name


@pytest.mark.parametrize(
    ("packets", "found"),
    [
        (["paid:1|c", "paid:2|c"], {"paid": 0.3, "paid.count": 3}),
        (["paid:1|c|@0.1"], {"paid": 1, "paid.count": 10}),
        (["paid:1:2:3|c"], {"paid": 0.6, "paid.count": 6}),
        (["paid:-4|c\n\npaid:1|c\r\n"], {"paid": -0.3, "paid.count": -3}),
        (["queue:7|g"], {"queue": 7}),
        (["queue:7|g\nqueue:+3|g\nqueue:-1|g"], {"queue": 9}),
        (["who:kim|s\nwho:lee|s\nwho:kim|s"], {"who": 2}),
        (["who:10:20|s"], {"who": 1}),
        (["on:1|g|#host:db1,fast"], {"on{fast=true,host=db1}": 1}),
        (["on:1|g|#a:1,b:2\non:2|g|#b:2,a:1"], {"on{a=1,b=2}": 2}),
        (["on:1|g|#a:1|c:ci-0f|T1656581400"], {"on{a=1}": 1}),
        (["_e{5,4}:title|text", "_sc|db|0"], {}),
    ],
)
def test_what_clients_send_comes_to(packets, found):
    assert reported(*packets) == pytest.approx(found)


def test_times_come_to_percentiles():
    found = reported(*[f"took:{n + 1}|ms" for n in range(1000)])

    assert found["took.count"] == 1000
    assert (found["took.min"], found["took.max"]) == (1, 1000)
    assert found["took.mean"] == pytest.approx(500.5)
    shares = [found[f"took.{share}"] for share in ("p50", "p95", "p99")]
    assert shares == pytest.approx([500, 950, 990], rel=0.02)


def test_a_sampled_time_stands_for_those_that_were_not_sent():
    found = reported("took:10|ms|@0.1", "took:1000|ms")

    assert found["took.count"] == 11
    assert found["took.p50"] == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("paid", NO_LINE), ("paid:1", NO_LINE), (":1|c", NO_LINE), ("paid:1|c|@0", NO_LINE),
        ("paid:1|c|@2", NO_LINE), (b"paid\xff:1|c", NO_LINE), ("n" * 201 + ":1|g", NO_LINE),
        ("paid:1|x", NO_KIND), ("paid:|c", NO_NUMBER), ("paid:nan|g", NO_NUMBER),
        ("paid:1_0|g", NO_NUMBER), ("paid:1e999|c", NO_NUMBER), ("paid:1|c|@x", NO_NUMBER),
        ("known:1|g", OTHER_KIND), ("new:1|g", TOO_MANY),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_counted_by_reason(line, reason):
    heard = Aggregate(1 if reason == TOO_MANY else 9)
    heard.hear(b"known:1|c")

    heard.hear(line if isinstance(line, bytes) else line.encode())

    assert heard.refused == {reason: 1}


def test_a_set_tells_so_many_members_apart():
    heard = Aggregate(1)
    heard.hear(b"\n".join(b"who:%d|s" % n for n in range(MOST_MEMBERS + 5)))

    assert heard.refused == {TOO_MANY_MEMBERS: 5}


@given(st.binary(max_size=100))
def test_any_packet_is_heard(packet):
    heard = Aggregate(9)
    heard.hear(packet)
    heard.report(NOW, 10)


def test_a_silent_counter_stands_at_nothing_and_a_silent_gauge_is_a_gap():
    heard = Aggregate(9)
    heard.hear(b"paid:1|c\nqueue:7|g")
    heard.report(NOW, 10)

    assert [(one.metric.name, one.value) for one in heard.report(NOW, 10)] == [
        ("paid", 0),
        ("paid.count", 0),
    ]


def test_what_nobody_speaks_of_for_an_hour_is_forgotten():
    heard = Aggregate(1)
    heard.hear(b"paid:1|c")
    for _ in range(IDLE + 1):
        heard.report(NOW, 10)

    heard.hear(b"other:1|g")

    assert not heard.refused


def test_a_full_backlog_drops_the_oldest_and_says_how_many():
    backlog = Backlog(5)
    batches = [[Point(Identity.of("m"), NOW, n)] * 2 for n in range(4)]
    for batch in batches:
        backlog.add(batch)

    assert (backlog.first(), backlog.waiting, backlog.dropped) == (batches[2], 4, 4)


@contextmanager
def listener(every=0.2):
    """One that hears on a free port, in a loop of its own; ended, and its rest stored, at the end."""
    (port, _), ready = free_ports(), threading.Event()
    made = []

    async def live():
        made.extend([statsd.Listener(every), asyncio.get_running_loop()])
        ready.set()
        await made[0].run("127.0.0.1", port)

    thread = threading.Thread(target=asyncio.run, args=[live()])
    thread.start()
    try:
        assert ready.wait(10)
        assert until(lambda: listens(port), within=10)
        yield port
    finally:
        made[1].call_soon_threadsafe(made[0].ended.set)
        thread.join(20)


def listens(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def send(port, packet):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(packet, ("127.0.0.1", port))


def stored(name):
    found = Metric.objects.filter(name=name).first()
    return [value for pk, value in rows(columns="metric_id, value") if found and pk == found.pk]


over_the_wire = [
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("transactional_db"),
]


class TestOverTheWire:
    pytestmark = over_the_wire

    def test_packets_are_aggregated_and_stored(self):
        with listener(every=60) as port:
            send(port, b"paid:1|c\nqueue:7|g|#service:withdrawal")
            send(port, b"paid:2|c")
            # On loopback a packet is there when it was sent, and what was heard is stored at the end.

        assert stored("paid.count") == [3]
        assert stored("queue") == [7]
        assert Metric.objects.get(name="queue").labels == {"service": "withdrawal"}

    def test_lines_by_tcp_may_come_in_pieces_and_without_an_end(self):
        with listener() as port:
            with socket.create_connection(("127.0.0.1", port)) as client:
                for piece in (b"paid:1|c\npa", b"id:2|c\nqu", b"eue:7|g"):
                    client.sendall(piece)
            assert until(lambda: stored("queue"), within=10)

        assert sum(stored("paid.count")) == 3

    def test_who_sends_no_line_by_tcp_is_hung_up_on(self):
        with listener() as port, socket.create_connection(("127.0.0.1", port), 10) as client:
            with suppress(OSError):
                client.sendall(b"x" * 200_000)
                assert client.recv(1) == b""
            assert until(lambda: stored("bongsu_statsd_refused"), within=10)

    def test_what_was_refused_is_a_metric_with_its_reason(self):
        with listener(every=60) as port:
            send(port, b"paid\npaid:1|c")

        assert stored("bongsu_statsd_lines") == [2]
        assert Metric.objects.get(name="bongsu_statsd_refused").labels == {"reason": NO_LINE}

    def test_while_the_database_is_away_samples_wait(self, monkeypatch):
        writes, really = [], services.write

        def write(points, *, at):
            writes.append(points)
            if len(writes) < 3:
                raise OperationalError("the database is away")
            return really(points, at=at)

        monkeypatch.setattr(services, "write", write)

        with listener() as port:
            send(port, b"paid:5|c")
            assert until(lambda: 5 in stored("paid.count"), within=10)

    def test_what_can_never_be_stored_holds_up_nothing(self, monkeypatch):
        really, bad = services.write, []

        def write(points, *, at):
            if not bad:
                bad.append(points)
                raise DataError("out of range")
            return really(points, at=at)

        monkeypatch.setattr(services, "write", write)

        with listener() as port:
            assert until(lambda: bad, within=10)
            send(port, b"paid:5|c")
            assert until(lambda: 5 in stored("paid.count"), within=10)

    def test_a_port_that_is_taken_is_said_in_a_sentence(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = subprocess.run(
                [sys.executable, "manage.py", "statsd", "--port", port],
                cwd=BASE, capture_output=True, text=True, check=False,
            )  # fmt: skip

        assert done.returncode == 1
        assert f"cannot listen on 127.0.0.1, port {port}" in done.stderr
        assert "Traceback" not in done.stderr
