"""The contract of a channel, over the whole registry, against the outside world over the wire."""

import time
from datetime import timedelta

import pytest

from notifications.models import Attempt, Delivery, State
from notifications.registry import channels
from tests.notifications.conftest import WAYS, due_now, send
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db
LOOKED_FOR_AT_ONCE = {"sms"}  # before another company sends it
every_way = pytest.mark.parametrize("way", WAYS)


def wait_of(delivery):
    """From the end of the first attempt until it is due again."""
    return delivery.due_at - delivery.history.get(number=1).ended_at


def test_every_channel_is_in_this_test():
    assert {way.channel for way in WAYS.values()} == set(channels)


@every_way
def test_a_message_arrives_and_its_provider_id_is_kept(way, queued, sandbox):
    sent = send(queued(way))

    assert (sent.state, sent.attempts, sent.error) == ("sent", 1, "")
    assert sent.provider_id
    assert sent.sent_at
    (received,) = sandbox.inbox(channel=WAYS[way].kind)
    assert "출금 대기열 정체" in received["subject"] + received["text"]


@every_way
def test_a_passing_failure_is_tried_again_after_a_while(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "fail", count=1)
    failed = send(queued(way))
    due_now(failed)
    sent = send(failed)

    assert failed.state == "pending"
    assert failed.error
    assert timedelta(seconds=4) <= wait_of(failed) <= timedelta(seconds=6)
    assert (sent.state, sent.attempts, sent.error) == ("sent", 2, "")
    assert len(sandbox.inbox()) == 1


@every_way
def test_a_refusal_for_good_is_not_tried_again(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "reject")

    failed = send(queued(way))

    assert (failed.state, failed.attempts) == ("failed", 1)
    assert failed.error
    assert sandbox.inbox() == []


@every_way
def test_who_asks_for_time_is_given_it(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "ratelimit", retry_after=77)

    waiting = send(queued(way))

    assert waiting.state == "pending"
    if way != "email":  # SMTP has no word for how long
        assert wait_of(waiting) == timedelta(seconds=77)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "webhook"])
def test_an_answer_from_something_in_between_is_not_taken_for_a_success(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "garbage")

    failed = send(queued(way))

    assert failed.state == "pending"
    assert failed.error
    assert "Traceback" not in failed.error


@every_way
def test_an_end_without_an_answer_is_looked_for_or_tried_again(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "drop", count=1)

    assert send(queued(way)).state == ("sent" if way in LOOKED_FOR_AT_ONCE else "pending")


@every_way
def test_nobody_at_home_is_tried_again(way, queued, sandbox, settings):
    settings.EMAIL_PORT, closed = 9, "http://127.0.0.1:9"
    settings.SLACK_API_URL, settings.TWILIO_API_URL = f"{closed}/", closed
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    away = {"address": f"{closed}/x"} if "{url}" in WAYS[way].address else {}

    assert send(queued(way, **away)).state == "pending"


@every_way
def test_every_attempt_is_evidence(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "fail", count=1)
    failed = send(queued(way))
    due_now(failed)
    sent = send(failed)

    first, second = Attempt.objects.filter(delivery=sent)
    assert (first.number, first.outcome, first.provider_id) == (1, "retry", "")
    assert first.error == failed.error
    assert (second.number, second.outcome, second.provider_id) == (2, "sent", sent.provider_id)
    assert second.started_at <= second.ended_at


@every_way
def test_after_twelve_attempts_it_is_given_up_and_said_so(way, queued, sandbox):
    sandbox.break_(WAYS[way].switch, "fail")

    failed = send(queued(way, attempts=11))

    assert (failed.state, failed.attempts) == ("failed", 12)


@pytest.mark.django_db(transaction=True)
def test_who_never_answers_is_left_within_ten_seconds(queued, sandbox):
    for way in WAYS.values():
        sandbox.break_(way.switch, "hang")
    waiting = [queued(way) for way in WAYS if way != "slack webhook"]
    began = time.monotonic()

    outcomes = at_once(*[lambda each=each: send(each) for each in waiting])

    assert raised(outcomes) == []
    assert time.monotonic() - began < 10
    assert {each.state for each in Delivery.objects.all()} == {State.PENDING}
