"""Against Debian's RabbitMQ with its management plugin."""

import time
from collections.abc import Iterator

import kombu
import pytest
from django.utils import translation

from tests.monitoring.collectors.brokers import Rabbit, rabbitmq
from tests.running import until

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    with rabbitmq(tmp_path_factory.mktemp("rabbit")) as rabbit:
        yield rabbit


@pytest.fixture(autouse=True)
def there(monkeypatch):
    monkeypatch.setenv("RABBIT_PASSWORD", "guest")
    with translation.override("en"):
        yield


@pytest.fixture
def look(take, rabbit):
    given = {"url": rabbit.url, "user": "guest", "password": "env:RABBIT_PASSWORD", "timeout": 10}
    return lambda **more: take("rabbitmq", **given | more)


def shows(look, value, name, **labels):
    def now():
        found = look()
        assert found.fault == ""
        return any(
            one.name == name and labels.items() <= one.labels.items() and one.value == value
            for one in found.readings
        )

    return until(now, within=30, every=0.5)


def test_a_node_without_alarms_is_read(look):
    # Just started, it has not yet measured itself.
    assert until(lambda: "rabbitmq_memory_share" in look().names, within=30)
    found = look()

    assert found.fault == ""
    assert found.value("rabbitmq_node_running", node="test@localhost") == 1
    assert found.value("rabbitmq_memory_alarm") == found.value("rabbitmq_disk_alarm") == 0
    assert found.value("rabbitmq_memory_used") > 1_000_000
    assert 0 < found.value("rabbitmq_memory_share") < 100


def test_messages_that_wait_are_counted_with_the_age_of_the_oldest(look, rabbit):
    rabbit.declare("withdrawals")
    rabbit.publish("withdrawals", timestamp=int(time.time()) - 300)
    rabbit.publish("withdrawals", timestamp=int(time.time()) - 20)

    assert shows(look, 2, "rabbitmq_queue_ready", queue="withdrawals", vhost="/")
    found = look()
    assert found.value("rabbitmq_queue_consumers", queue="withdrawals") == 0
    oldest = found.value("rabbitmq_queue_oldest_seconds", queue="withdrawals")
    assert oldest == pytest.approx(300, abs=60)


def test_what_a_consumer_holds_shows_as_not_acknowledged(look, rabbit):
    rabbit.declare("held")
    rabbit.publish("held")
    with kombu.Connection(f"amqp://guest:guest@127.0.0.1:{rabbit.amqp}//") as connection:
        queue = kombu.Queue("held", routing_key="held", durable=True, no_declare=True)
        with connection.Consumer([queue], callbacks=[lambda _body, _message: None]):
            connection.drain_events(timeout=10)
            assert shows(look, 1, "rabbitmq_queue_unacknowledged", queue="held")
            assert look().value("rabbitmq_queue_consumers", queue="held") == 1


def test_only_named_queues_are_read_where_some_are_named(look, rabbit):
    for name in ("pay.1", "payX1", "other"):
        rabbit.declare(name)

    found = look(queues="pay.1\nmissing")

    assert {one.labels["queue"] for one in found.readings if "queue" in one.labels} == {"pay.1"}


def test_the_alarm_of_memory_shows(look, rabbit):
    rabbit.say("set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        assert shows(look, 1, "rabbitmq_memory_alarm")
    finally:
        rabbit.say("set_vm_memory_high_watermark", "0.8")
    assert shows(look, 0, "rabbitmq_memory_alarm")


def test_a_wrong_password_is_said(look, monkeypatch):
    monkeypatch.setenv("RABBIT_PASSWORD", "open-sesame")

    found = look()

    assert (found.readings, found.fault) == ([], "It refuses this user or password.")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"<html>", "The answer is no JSON, or too long."),
        (b"[" * 100_000, "The answer is no JSON, or too long."),
        (b'{"queue_totals": 7}', "This is not the management API of a RabbitMQ."),
        (b"[]", ""),
    ],
)
def test_another_answer_is_said(take, server, body, fault):
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

    found = take("rabbitmq", url=f"http://127.0.0.1:{server(head + body).port}")

    assert found.fault == fault
