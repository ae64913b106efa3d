"""Two telephone companies: when the first fails, the second takes over in the same attempt."""

import time

import pytest

from integrations import twilio
from notifications.domain.failover import Failure, verdict
from notifications.models import Attempt
from tests.notifications.conftest import due_now, send

pytestmark = pytest.mark.django_db
PHONES = ["sms", "voice"]


def failure(status, retry_after=None, provider="twilio"):
    return Failure(provider, status, f"HTTP {status}", retry_after)


@pytest.mark.parametrize("status", [0, 401, 402, 403, 408, 429, 500, 502, 503])
def test_what_is_about_the_company_or_our_account_goes_on_to_the_next(status):
    assert failure(status).another_may_help


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_what_is_about_the_number_or_the_words_does_not(status):
    assert not failure(status).another_may_help


@pytest.mark.parametrize(
    ("failures", "permanent", "retry_after"),
    [
        ([failure(400)], True, None),
        ([failure(503)], False, None),
        ([failure(429, 30)], False, 30),
        ([failure(401), failure(400)], True, None),
        ([failure(401), failure(503)], False, None),
        ([failure(429, 30), failure(429, 10)], False, 10),
        ([failure(429, 30), failure(500)], False, None),
        ([failure(401), failure(429, 30)], False, 30),
    ],
)
def test_an_attempt_is_over_for_good_only_if_each_refused_for_good(
    failures, permanent, retry_after
):
    said = verdict(failures)

    assert (said.permanent, said.retry_after) == (permanent, retry_after)


def test_of_several_it_is_said_who_said_what():
    assert verdict([failure(500)]).text == "HTTP 500"
    both = verdict([failure(500), failure(0, provider="backup")])
    assert both.text == "twilio: HTTP 500; backup: HTTP 0"


@pytest.fixture
def backup(sandbox, settings):
    settings.TWILIO_BACKUP_API_URL = f"{sandbox.url}/twilio-backup"
    return sandbox


def companies(sandbox, channel):
    return [each["details"]["company"] for each in sandbox.inbox(channel=channel)]


@pytest.mark.parametrize("way", PHONES)
def test_while_the_first_works_the_second_is_not_asked(way, queued, backup):
    sent = send(queued(way))

    assert companies(backup, way) == ["first"]
    assert Attempt.objects.get(delivery=sent).provider == "twilio"


@pytest.mark.parametrize("way", PHONES)
@pytest.mark.parametrize("mode", ["fail", "ratelimit", "garbage"])
def test_what_the_first_does_not_take_goes_by_the_second_in_the_same_attempt(
    way, mode, queued, backup
):
    backup.break_(way, mode)

    sent = send(queued(way))

    assert (sent.state, sent.attempts) == ("sent", 1)
    assert companies(backup, way) == ["second"]
    (attempt,) = Attempt.objects.filter(delivery=sent)
    assert (attempt.provider, attempt.provider_id) == ("backup", sent.provider_id)
    assert attempt.error.startswith("twilio: HTTP ")


@pytest.mark.parametrize("way", PHONES)
def test_a_first_that_hangs_is_left_within_the_deadline(way, queued, backup):
    backup.break_(way, "hang")
    began = time.monotonic()

    sent = send(queued(way))

    assert sent.state == "sent"
    assert time.monotonic() - began < 10
    assert companies(backup, way) == ["second"]


def test_a_first_that_is_not_there_is_no_trouble(queued, backup, settings):
    settings.TWILIO_API_URL = "http://127.0.0.1:9"

    assert send(queued("sms")).state == "sent"
    assert companies(backup, "sms") == ["second"]


def test_an_account_that_is_locked_is_no_trouble(queued, backup, settings):
    settings.TWILIO_AUTH_TOKEN = ""

    assert send(queued("sms")).state == "sent"


def test_a_number_that_the_first_calls_wrong_is_not_tried_at_the_second(queued, backup):
    backup.break_("sms", "reject")

    failed = send(queued("sms"))

    assert (failed.state, failed.attempts) == ("failed", 1)
    assert backup.inbox() == []


@pytest.mark.parametrize("way", PHONES)
def test_when_both_are_down_it_is_tried_again_as_ever(way, queued, backup):
    for switch in (way, f"{way}_backup"):
        backup.break_(switch, "fail", count=1)
    failed = send(queued(way))
    due_now(failed)
    sent = send(failed)

    assert failed.state == "pending"
    assert "twilio: HTTP 503" in failed.error
    assert "backup: HTTP 503" in failed.error
    assert (sent.state, sent.attempts, companies(backup, way)) == ("sent", 2, ["first"])


def test_a_text_that_the_first_took_before_it_hung_up_is_not_sent_by_the_second(queued, backup):
    backup.break_("sms", "drop", count=1)

    sent = send(queued("sms"))

    assert sent.state == "sent"
    assert companies(backup, "sms") == ["first"]


def test_a_call_that_may_ring_already_rings_again_rather_than_never(queued, backup):
    backup.break_("voice", "drop", count=1)

    assert send(queued("voice")).state == "sent"
    assert companies(backup, "voice") == ["first", "second"]


def test_what_the_second_took_before_its_sender_died_is_found_there(queued, backup):
    page = queued("sms")
    backup.break_("sms", "fail", count=1)
    first = send(page)
    type(page).objects.filter(pk=page.pk).update(state="pending", sent_at=None, provider_id="")
    due_now(page)

    again = send(page)

    assert (again.state, again.provider_id) == ("sent", first.provider_id)
    assert companies(backup, "sms") == ["second"]


def test_without_an_address_there_is_no_second(settings):
    settings.TWILIO_BACKUP_API_URL = ""

    assert [account.name for account in twilio.accounts()] == ["twilio"]
