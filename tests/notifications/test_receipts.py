"""How far a message has come: a table of what may be believed, and rows that never go back."""

from datetime import UTC, datetime

import pytest

from core import clock
from notifications import receipts
from notifications.domain.receipts import Stage, Times, looks_like_a_person, reached
from notifications.models import Delivery, State
from notifications.outbox import send_one
from tests.notifications.conftest import due_now, send

T = datetime(2026, 11, 24, tzinfo=UTC)
BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize(
    ("times", "end", "stage"),
    [
        (Times(), {}, Stage.QUEUED),
        (Times(), {"failed": True}, Stage.FAILED),
        (Times(), {"cancelled": True}, Stage.CANCELLED),
        (Times(sent=T), {}, Stage.SENT),
        (Times(sent=T), {"failed": True}, Stage.FAILED),
        (Times(sent=T, delivered=T), {}, Stage.DELIVERED),
        (Times(sent=T, delivered=T), {"failed": True}, Stage.DELIVERED),
        (Times(delivered=T), {"cancelled": True}, Stage.DELIVERED),
        (Times(sent=T, opened=T), {"failed": True}, Stage.OPENED),
        (Times(sent=T, delivered=T, opened=T, answered=T), {}, Stage.ANSWERED),
    ],
)
def test_a_message_has_come_as_far_as_there_is_evidence_for(times, end, stage):
    assert reached(times, **end) == stage


@pytest.mark.parametrize(
    ("method", "headers", "person"),
    [
        ("GET", BROWSER, True),
        ("HEAD", BROWSER, False),
        ("GET", {}, False),
        ("GET", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}, False),
        ("GET", BROWSER | {"Sec-Purpose": "prefetch;prerender"}, False),
        ("GET", BROWSER | {"Purpose": "preview"}, False),
        ("GET", BROWSER | {"Sec-Fetch-Dest": "iframe"}, False),
    ],
)
def test_only_a_page_that_was_shown_counts_as_opened(method, headers, person):
    assert looks_like_a_person(method, headers) == person


@pytest.fixture
def sent(queued):
    """Handed over to Twilio, and not heard of since."""
    return send(queued("sms", step="sent"))


def report(delivery, status, *, sid=None, detail=""):
    sid = delivery.provider_id if sid is None else sid
    news = receipts.report(delivery, status, provider_id=sid, detail=detail, at=clock.now())
    return news, Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "ringing", "initiated", "", "?"])
def test_what_only_says_that_they_are_at_it_is_no_news(sent, status):
    news, after = report(sent, status)

    assert not news
    assert (after.state, after.delivered_at) == (State.SENT, None)


@pytest.mark.parametrize("status", ["delivered", "completed"])
def test_delivered_is_kept_with_its_first_time(sent, status):
    first = report(sent, status)[1].delivered_at
    news, again = report(sent, status)

    assert (news, again.delivered_at) == (False, first)
    assert again.stage == Stage.DELIVERED


@pytest.mark.parametrize("status", ["undelivered", "failed", "busy", "no-answer"])
def test_a_failure_is_a_failure_and_waits_to_be_said(sent, status):
    Delivery.objects.update(noted=True)

    news, after = report(sent, status, detail="30003")

    assert news
    assert (after.state, after.error, after.noted) == (State.FAILED, f"{status} 30003", False)


def test_a_failure_after_it_was_delivered_is_not_believed(sent):
    report(sent, "delivered")

    assert report(sent, "undelivered")[1].state == State.SENT


def test_delivered_after_a_failure_counts(sent):
    report(sent, "undelivered")

    news, after = report(sent, "delivered")

    assert (news, after.stage) == (True, Stage.DELIVERED)


def test_a_failure_of_an_attempt_that_was_repeated_does_not_count(sent):
    assert report(sent, "failed", sid="SM-of-the-first-attempt")[1].state == State.SENT


def test_opened_keeps_its_first_time(sent):
    receipts.opened(sent, at=T)
    receipts.opened(sent, at=clock.now())

    assert Delivery.objects.get().opened_at == T


def test_an_answer_marks_the_newest_message_that_went_this_way(queued, sent):
    older = queued("sms", created_at=T, step="older")

    receipts.answered(sent.topic, None, "sms", at=clock.now())

    assert Delivery.objects.get(pk=sent.pk).stage == Stage.ANSWERED
    assert Delivery.objects.get(pk=older.pk).stage == Stage.QUEUED


def test_what_the_provider_says_has_arrived_is_not_sent_again(queued, sandbox):
    call = queued("voice")
    sandbox.break_("voice", "drop", count=1)
    lost = send(call)
    report(lost, "completed", sid="CA1")
    due_now(lost)

    again = send(lost)

    assert (again.state, again.provider_id) == (State.SENT, "CA1")
    assert len(sandbox.inbox(channel="voice")) == 1
    assert not send_one("voice", [0])
