"""Against Debian's Redis: memory, clients, replication, and lists that Celery fills."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator

import celery
import pytest
import redis
from django.core.exceptions import ValidationError
from django.utils import translation

from monitoring.registry import collectors
from tests.monitoring.collectors.brokers import address, redis_server
from tests.monitoring.collectors.certificates import certified
from tests.running import free_ports, until
from tests.server import servers

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def server() -> Iterator[redis.Redis]:
    with redis_server("--maxmemory", "20mb", "--maxclients", "10") as client:
        yield client


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def look(take, server) -> Callable[..., object]:
    server.flushall()
    return lambda **more: take("redis", **{"address": address(server)} | more)


def test_a_server_is_read_in_all_respects(look):
    found = look()

    assert found.fault == ""
    assert found.value("redis_accepting") == 1
    assert 0 < found.value("redis_latency_seconds") < 3
    assert found.value("redis_memory_limit") == 20 * 2**20
    assert 0 < found.value("redis_memory_share") < 50
    assert (found.value("redis_replica"), found.value("redis_replicas")) == (0, 0)
    assert found.value("redis_saved") == 1


def test_hits_and_misses_come_to_a_share(look, server):
    server.config_resetstat()
    server.set("a", 1)
    for key in ("a", "a", "a", "missing"):
        server.get(key)

    found = look()

    assert (found.value("redis_hits_total"), found.value("redis_misses_total")) == (3, 1)
    assert found.value("redis_hit_share") == 75


def test_full_memory_shows_and_what_was_evicted_too(look, server):
    server.config_set("maxmemory-policy", "allkeys-lru")
    for n in range(300):
        server.set(f"k{n}", b"x" * 100_000)

    found = look()

    assert found.value("redis_evicted_total") > 0
    assert found.value("redis_memory_share") > 50


def test_queues_of_every_kind_have_a_length(look, server):
    server.lpush("withdrawals", 1, 2, 3)
    server.xadd("events", {"a": 1})
    server.zadd("later", {"a": 1, "b": 2})
    server.sadd("열린 것", 1)

    found = look(lists="withdrawals\nevents\nlater\n열린 것\nnothing\n")

    lengths = {
        one.labels["queue"]: one.value for one in found.readings if one.name == "redis_queue_length"
    }
    assert lengths == {"withdrawals": 3, "events": 1, "later": 2, "열린 것": 1, "nothing": 0}


def test_a_server_that_is_full_says_so_and_is_there(look, server):
    others = [redis.Redis.from_url(address(server)) for _ in range(10)]
    with contextlib.ExitStack() as stack:
        for other in others:
            stack.callback(other.close)
            with contextlib.suppress(redis.ConnectionError):
                other.ping()
        found = look()

    assert [(one.name, one.value) for one in found.readings] == [("redis_accepting", 0)]
    assert found.fault == "It takes no more connections: all are in use."


def test_where_nothing_listens_nobody_is_taken_in(take):
    found = take("redis", address="redis://127.0.0.1:1")

    assert found.fault == "The connection was refused: nothing listens there."
    assert [(one.name, one.value) for one in found.readings] == [("redis_accepting", 0)]


def test_who_takes_the_connection_and_says_nothing_takes_nobody_in(take):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        found = take("redis", address=f"redis://127.0.0.1:{port}", timeout=0.5)

    assert [(one.name, one.value) for one in found.readings] == [("redis_accepting", 0)]


def test_the_password_comes_from_the_environment(take, monkeypatch):
    with redis_server("--requirepass", "open-sesame") as server:
        monkeypatch.setenv("REDIS_SECRET", "open-sesame")
        right = take("redis", address=address(server), password="env:REDIS_SECRET")
        none = take("redis", address=address(server))
        monkeypatch.setenv("REDIS_SECRET", "wrong")
        wrong = take("redis", address=address(server), password="env:REDIS_SECRET")
        whole = address(server).replace("//", "//:open%2Dsesame@")
        monkeypatch.setenv("REDIS_URL", whole)
        by_address = take("redis", address="env:REDIS_URL")

    assert right.fault == by_address.fault == ""
    assert not wrong.readings
    assert none.fault == wrong.fault == "It refuses this user or password."


def test_a_replica_and_its_primary_know_of_each_other(take):
    with redis_server() as first, redis_server() as second:
        second.replicaof("127.0.0.1", first.connection_pool.connection_kwargs["port"])
        linked = {"address": address(second)}
        assert until(lambda: take("redis", **linked).value("redis_replica_linked") == 1, within=30)

        primary, replica = take("redis", address=address(first)), take("redis", **linked)

    assert primary.value("redis_replicas") == 1
    assert primary.value("redis_replica_lag_bytes") >= 0
    assert replica.value("redis_replica") == 1
    assert replica.value("redis_replica_silent_seconds") < 30


def test_an_encrypted_one_is_read_and_its_certificate_checked(take, tmp_path):
    certificate = str(certified(tmp_path))
    port = free_ports()[0]
    options = (
        "--tls-port", str(port), "--tls-cert-file", certificate, "--tls-key-file", certificate,
        "--tls-auth-clients", "no",
    )  # fmt: skip
    with redis_server(*options):
        url = f"rediss://127.0.0.1:{port}"
        unknown = take("redis", address=url)
        known = take("redis", address=url, ca_file=certificate)
        unchecked = take("redis", address=url, verify=False)

    assert unknown.fault.startswith("The certificate is not trusted")
    assert known.fault == unchecked.fault == ""


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "this is no Redis"),
        (b"$999999999999\r\n", "the answer is too long"),
        (b"+" + b"x" * 2_000_000, "the answer is too long"),
        (b"*3\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "this is no Redis"),
        (b"", "The connection was cut off."),
        (b"-LOADING Redis is loading the dataset in memory\r\n", "It is still loading what it holds."),
        (b"-DENIED Redis is running in protected mode.\r\n", "DENIED Redis is running in protected mode."),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said_in_time(take, said, fault):
    with servers() as start:
        found = take("redis", address=f"redis://127.0.0.1:{start(said).port}")

    assert found.fault == fault


@pytest.mark.parametrize(
    "wrong", ["redis://me:open-sesame@db", "http://db", "redis://", "redis://[", "redis://db/x", ""]
)
def test_an_address_with_a_password_or_of_something_else_is_refused(wrong):
    with pytest.raises(ValidationError) as refusal:
        collectors["redis"].cleaned({"address": wrong})

    assert "address" in refusal.value.message_dict


class TestCelery:
    @pytest.fixture
    def broker(self, server):
        server.flushall()
        return server

    @pytest.fixture
    def app(self, broker):
        """A Celery of somebody else, which says when it sends."""
        app = celery.Celery(broker=address(broker))
        app.conf.broker_transport_options = {"queue_order_strategy": "priority"}
        with contextlib.closing(app):
            yield app

    def look(self, take, broker, **more):
        return take("celery", **{"address": address(broker), "queues": "page\nbulk"} | more)

    def test_tasks_that_wait_are_counted_with_the_age_of_the_oldest(self, take, broker, app):
        for ago in (300, 20):
            sent = {"sent_at": time.time() - ago}
            app.send_task("pay", queue="page", headers=sent)
        app.send_task("pay", queue="page", priority=9, headers={"sent_at": time.time() - 900})

        found = self.look(take, broker)

        assert found.fault == ""
        assert found.value("celery_queue_length", queue="page") == 3
        assert found.value("celery_queue_length", queue="bulk") == 0
        assert found.value("celery_queue_oldest_seconds", queue="page") == pytest.approx(
            900, abs=30
        )
        assert found.value("celery_queue_oldest_seconds", queue="bulk") == 0

    def test_what_does_not_say_when_it_was_sent_has_no_age(self, take, broker, app):
        app.send_task("pay", queue="page")

        found = self.look(take, broker, queues="page")

        assert found.value("celery_queue_length") == 1
        assert "celery_queue_oldest_seconds" not in found.names

    def test_what_a_worker_took_and_left_shows(self, take, broker, app):
        app.send_task("pay", queue="page")
        with app.connection_for_read() as connection, connection.SimpleQueue("page") as queue:
            queue.get(timeout=5)
            found = self.look(take, broker)

        assert found.value("celery_unacknowledged") == 1
        assert 0 <= found.value("celery_unacknowledged_oldest_seconds") < 60

    @pytest.mark.parametrize(
        ("message", "place", "known"),
        [
            ({"at": "2026-01-01T00:00:00+00:00"}, "at", True),
            ({"body": [{"at": 1e9}]}, "body.0.at", True),
            ({"at": "NaN"}, "at", False),
            ({"at": "tomorrow"}, "at", False),
            ({"at": None}, "at", False),
            (["at"], "at", False),
            ("at", "at.at", False),
        ],
    )
    def test_any_list_of_json_has_an_age_where_it_says_one(
        self, take, broker, message, place, known
    ):
        broker.lpush("page", json.dumps(message))

        found = self.look(take, broker, queues="page", sent_at=place)

        assert ("celery_queue_oldest_seconds" in found.names) == known
