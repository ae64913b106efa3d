"""The rows are the messages: what is queued once, due first, withdrawn, or tried anew."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from notifications import outbox, services
from notifications.models import Attempt, Delivery, Lane, State
from notifications.registry import channels
from tests.notifications.conftest import FACTS, send
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


def row(**fields):
    usual = {
        "topic": "incident:1", "step": "0", "recipient_name": "김하늘", "language": "ko",
        "channel": "email", "address": "kim@example.com", "template": "page", "context": FACTS,
        "created_at": clock.now(), "due_at": clock.now() - timedelta(minutes=1),
    }  # fmt: skip
    return Delivery(**(usual | fields))


def test_a_message_asked_for_twice_is_queued_once():
    services.queue([row(), row()])
    services.queue([row()])

    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"step": "1"}, {"topic": "incident:2"}, {"channel": "sms"}, {"address": "x@y.z"}]
)
def test_another_step_topic_channel_or_address_is_another_message(other):
    services.queue([row(), row(**other)])

    assert Delivery.objects.count() == 2


def test_queueing_again_leaves_what_was_sent_as_it_is(queued):
    sent = send(queued("email"))
    again = row(topic=sent.topic, channel="email", address=sent.address)

    services.queue_again([again])

    assert Delivery.objects.get().state == State.SENT


def test_queueing_again_costs_the_same_for_two_as_for_fifty_and_wants_the_withdrawn_one_back():
    services.queue([row(topic="incident:7", state=State.CANCELLED)])
    costs = []
    for step, count in (("1", 2), ("2", 50)):
        with CaptureQueriesContext(connection) as queries:
            services.queue_again([row(topic=f"incident:{n}", step=step) for n in range(count)])
        costs.append(len(queries))
    services.queue_again([row(topic=f"incident:{n}") for n in range(9)])

    assert costs[0] == costs[1]
    assert not Delivery.objects.filter(state=State.CANCELLED).exists()
    assert Delivery.objects.count() == 2 + 50 + 9


def test_queueing_again_does_not_overtake_a_sender_that_may_still_be_at_it():
    lease = clock.now() + timedelta(seconds=20)
    services.queue([row(state=State.CANCELLED, lease_until=lease)])

    services.queue_again([row()])

    assert Delivery.objects.values_list("state", "due_at").get() == (State.PENDING, lease)


def test_a_sending_row_must_say_until_when():
    with pytest.raises(IntegrityError, match="sending_has_a_deadline"), transaction.atomic():
        row(state=State.LEASED).save()


def test_a_sent_row_must_say_when():
    with pytest.raises(IntegrityError, match="sent_has_a_time"), transaction.atomic():
        row(state=State.SENT).save()


def test_withdrawing_touches_neither_what_is_done_nor_other_topics():
    services.queue([row(), row(topic="incident:12"), row(step="9", state=State.FAILED)])

    assert services.cancel("incident:1") == 1
    assert sorted(Delivery.objects.values_list("state", flat=True)) == [
        "cancelled", "failed", "pending",
    ]  # fmt: skip


def test_what_is_not_due_waits(queued):
    queued("email", due_at=clock.now() + timedelta(minutes=1))

    assert not outbox.send_one("email", [Lane.PAGE])


def test_pages_go_before_notices_and_the_oldest_first(queued):
    at = clock.now() - timedelta(hours=1)
    queued("email", step="notice", lane=Lane.NOTICE, due_at=at - timedelta(hours=1))
    queued("email", step="newer", due_at=at + timedelta(minutes=1))
    queued("email", step="older", due_at=at)

    for _ in range(3):
        outbox.send_one("email", [Lane.PAGE, Lane.NOTICE])

    sent = Delivery.objects.order_by("sent_at").values_list("step", flat=True)
    assert list(sent) == ["older", "newer", "notice"]


def test_a_lane_works_for_itself_only(queued):
    queued("email", lane=Lane.BULK)

    assert not outbox.send_one("email", [Lane.PAGE])


def test_a_channel_nobody_has_fails_for_good(queued):
    failed = send(queued("email", channel="pigeon"))

    assert (failed.state, failed.error) == ("failed", "there is no channel 'pigeon'")


def test_a_bug_in_a_channel_does_not_stop_the_lane(queued, monkeypatch):
    monkeypatch.setattr(channels["email"], "send", lambda message, address: 1 / 0)

    failed = send(queued("email"))

    assert (failed.state, failed.attempts) == ("pending", 1)
    assert "ZeroDivisionError" in failed.error


def test_an_answer_full_of_bytes_does_not_stop_the_lane(queued, server, settings):
    there = server(b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\n\x00\xff\x00\x01")
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{there.port}"]

    failed = send(queued("webhook", address=f"http://127.0.0.1:{there.port}/"))

    assert failed.state == "pending"
    assert failed.error.startswith("HTTP 500")


def test_a_success_full_of_bytes_is_a_success(queued, server, settings):
    there = server(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x00ok")
    settings.OUTBOUND_ALLOW = [f"127.0.0.1:{there.port}"]

    assert send(queued("slack", address=f"http://127.0.0.1:{there.port}/")).state == "sent"


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("webhook", "http://169.254.169.254/latest/"),
        ("slack", "http://169.254.169.254/latest/"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "https://example.com/웹훅"),
    ],
)
def test_an_address_nobody_may_call_fails_for_good(queued, channel, address):
    assert send(queued(channel, address=address)).state == "failed"


def test_an_administrator_gives_what_failed_another_start(queued, sandbox):
    sandbox.break_("smtp", "reject", count=1)
    failed = send(queued("email"))

    assert services.try_again(failed, at=clock.now() - timedelta(seconds=1))
    assert send(failed).state == "sent"
    assert not services.try_again(failed, at=clock.now())


def test_another_start_after_all_attempts_has_all_attempts_again(queued, sandbox):
    sandbox.break_("smtp", "fail")
    failed = send(queued("email", attempts=11))

    services.try_again(failed, at=clock.now() - timedelta(seconds=1))

    assert send(failed).state == "pending"


@pytest.mark.django_db(transaction=True)
def test_eight_senders_send_each_message_once(queued, sandbox):
    for step in range(20):
        queued("sms", step=str(step))

    def work():
        while outbox.send_one("sms", [Lane.PAGE]):
            pass

    assert raised(at_once(*[work] * 8)) == []
    assert len(sandbox.inbox(channel="sms")) == 20
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert Attempt.objects.count() == 20
