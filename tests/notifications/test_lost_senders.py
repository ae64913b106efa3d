"""A sender may die at any moment: its message is taken over, and repeated only where nobody can tell."""

from datetime import timedelta

import pytest

from core import clock
from notifications import outbox, services
from notifications.channel import DeliveryError, Taken
from notifications.models import Attempt, Delivery, Lane, State
from notifications.registry import channels
from notifications.rendering import render
from tests.notifications.conftest import WAYS, due_now, send

pytestmark = pytest.mark.django_db


def claimed(delivery):
    """As a sender holds it that has just begun."""
    return outbox.claim(delivery.channel, [Lane.PAGE])


def lost_before_sending(delivery):
    due_now(claimed(delivery))
    return delivery


def lost_after_sending(delivery):
    held = claimed(delivery)
    channels[held.channel].send(render(held), held.address)
    due_now(held)
    return delivery


def fresh(delivery):
    return Delivery.objects.get(pk=delivery.pk)


def test_a_lease_that_runs_is_left_alone(queued):
    held = claimed(queued("email"))

    assert not outbox.send_one("email", [Lane.PAGE])
    assert held.lease_until - clock.now() > timedelta(seconds=25)


@pytest.mark.parametrize("way", WAYS)
def test_a_message_whose_sender_died_is_sent_by_another(way, queued, sandbox):
    sent = send(lost_before_sending(queued(way)))

    assert (sent.state, sent.attempts) == ("sent", 2)
    assert len(sandbox.inbox()) == 1


@pytest.mark.parametrize("way", WAYS)
def test_the_attempt_that_left_no_word_is_noted_as_lost(way, queued):
    sent = send(lost_before_sending(queued(way)))

    outcomes = Attempt.objects.filter(delivery=sent).values_list("number", "outcome")
    assert list(outcomes) == [(1, "lost"), (2, "sent")]


@pytest.mark.parametrize("way", ["slack", "sms"])
def test_what_the_provider_has_already_is_not_sent_again(way, queued, sandbox):
    sent = send(lost_after_sending(queued(way)))

    (received,) = sandbox.inbox()
    assert sent.state == "sent"
    details = received["details"]
    place = f"{details['channel']}/{details['ts']}" if way == "slack" else details["sid"]
    assert sent.provider_id == place


@pytest.mark.parametrize("way", ["slack", "sms"])
def test_a_provider_that_cannot_be_asked_gets_it_again(way, queued, sandbox):
    delivery = lost_after_sending(queued(way))
    message = render(fresh(delivery))
    sandbox.break_(WAYS[way].switch, "fail", reads=True)

    assert channels[delivery.channel].find(message, delivery.address) is None


@pytest.mark.parametrize("way", ["slack", "sms"])
def test_what_others_were_sent_is_not_taken_for_ours(way, queued, sandbox):
    send(queued(way, step="earlier"))

    assert send(lost_before_sending(queued(way))).state == "sent"
    assert len(sandbox.inbox()) == 2


def test_a_receiver_of_webhooks_can_tell_the_repeat(queued, sandbox):
    delivery = lost_after_sending(queued("webhook"))
    send(delivery)

    first, second = sandbox.inbox(channel="webhook")
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"] == str(delivery.pk)
    assert [each["duplicate"] for each in (first, second)] == [False, True]
    assert [each["details"]["signature"] for each in (first, second)] == ["valid", "valid"]


def test_a_mailbox_can_tell_the_repeat(queued, sandbox):
    send(lost_after_sending(queued("email")))

    first, second = sandbox.inbox(channel="email")
    assert first["headers"]["Message-ID"] == second["headers"]["Message-ID"]
    assert second["duplicate"]


def test_a_phone_rings_again_rather_than_never(queued, sandbox):
    send(lost_after_sending(queued("voice")))

    assert len(sandbox.inbox(channel="voice")) == 2


def test_what_was_withdrawn_between_claim_and_send_is_not_sent(queued, sandbox):
    held = claimed(queued("sms"))
    services.cancel(held.topic)

    outbox._send(held)

    assert fresh(held).state == State.CANCELLED
    assert sandbox.inbox() == []


def test_what_was_withdrawn_while_it_was_sent_did_go_out_and_is_recorded_so(queued):
    held = claimed(queued("sms"))
    services.cancel(held.topic)

    outbox._finish_sent(held, Taken("SM1"), clock.now())

    assert (fresh(held).state, fresh(held).provider_id) == (State.SENT, "SM1")


def test_what_was_withdrawn_while_it_failed_is_not_tried_again(queued):
    held = claimed(queued("sms"))
    services.cancel(held.topic)

    outbox._finish_failed(held, DeliveryError("busy", permanent=False), clock.now())

    assert fresh(held).state == State.CANCELLED


def test_a_stale_sender_does_not_overwrite_what_its_successor_did(queued):
    stale = claimed(queued("sms"))
    due_now(stale)
    done = send(stale)

    outbox._finish_failed(stale, DeliveryError("too late", permanent=True), clock.now())
    outbox._finish_sent(stale, Taken("SM-stale"), clock.now())

    assert (fresh(stale).state, fresh(stale).provider_id) == (State.SENT, done.provider_id)
    assert Attempt.objects.filter(delivery=stale, provider_id="SM-stale").exists()
