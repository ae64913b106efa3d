"""What providers say of mails that came back: believed if signed, and followed as a report by mail is."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from statuspage import carriers, checks
from statuspage.domain.bounces import Fate, of_event
from statuspage.models import Standing, Subscriber
from statuspage.services import subscribing

pytestmark = pytest.mark.django_db
PATH = "/hooks/mail/"
ADDRESS = "kim@example.com"


@pytest.fixture
def kim(page):
    at = clock.now()
    return Subscriber.objects.create(
        address=ADDRESS, language="ko", standing=Standing.ACTIVE, created_at=at, confirmed_at=at
    )


@pytest.fixture
def by_postmark(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "bongsu:secret"}
    carriers._view.cache_clear()


def post(said, *, user="bongsu:secret", **headers):
    basic = base64.b64encode(user.encode()).decode()
    body = json.dumps(said)
    headers = {"Authorization": f"Basic {basic}"} | headers
    return Client(enforce_csrf_checks=True).post(PATH, body, "application/json", headers=headers)


def bounced(kind="HardBounce", code=1, **said):
    return {
        "RecordType": "Bounce", "Type": kind, "TypeCode": code, "Email": "Kim@Example.com",
        "MessageID": "883953f4", "BouncedAt": "2026-11-23T03:00:00Z", "Details": "550 5.1.1 no such user",
    } | said  # fmt: skip


def standing(one):
    one.refresh_from_db()
    return one.standing, one.why


def test_a_mailbox_that_does_not_exist_is_written_to_no_more(kim, by_postmark):
    assert post(bounced()).status_code == 200
    assert standing(kim) == (Standing.QUARANTINED, "550 5.1.1 no such user HardBounce")


def test_a_passing_fault_ends_it_after_five_in_a_week(kim, by_postmark):
    for _time in range(4):
        post(bounced("SoftBounce", 4096))
    assert standing(kim)[0] == Standing.ACTIVE
    Subscriber.objects.update(soft_since=clock.now() - timedelta(days=8))
    post(bounced("SoftBounce", 4096))
    assert standing(kim)[0] == Standing.ACTIVE
    for _time in range(4):
        post(bounced("SoftBounce", 4096))
    assert standing(kim)[0] == Standing.QUARANTINED


def test_who_complains_is_not_written_to_because_somebody_typed_it(kim, by_postmark):
    post(bounced("SpamComplaint", 512, RecordType="SpamComplaint"))
    assert standing(kim) == (Standing.GONE, subscribing.COMPLAINED)


@pytest.mark.parametrize("user", ["bongsu:guess", "bongsu:", ":"])
def test_a_stranger_is_not_believed(user, kim, by_postmark):
    assert post(bounced(), user=user).status_code == 403
    assert standing(kim)[0] == Standing.ACTIVE


@pytest.mark.parametrize("provider", ["", "postmark", "nobody"])
def test_without_a_provider_and_its_secret_there_is_no_door(provider, kim, settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": ""}
    assert post(bounced(), user=":").status_code == 403
    assert standing(kim)[0] == Standing.ACTIVE


def mailgun(key, **event):
    stamp, token = "1764385200", "a" * 50
    mac = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    usual = {"event": "failed", "severity": "permanent", "reason": "bounce", "recipient": ADDRESS,
             "timestamp": 1764385200.5, "id": "x", "message": {"headers": {"message-id": "y"}},
             "delivery-status": {"code": 550, "message": "5.1.1 no such user"}}  # fmt: skip
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": mac},
        "event-data": usual | event,
    }


def test_mailgun_signs(kim, settings):
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": "key-1"}
    carriers._view.cache_clear()
    assert post(mailgun("key-2")).status_code == 403
    assert standing(kim)[0] == Standing.ACTIVE
    assert post(mailgun("key-1", severity="temporary")).status_code == 200
    assert standing(kim)[0] == Standing.ACTIVE
    assert post(mailgun("key-1")).status_code == 200
    assert standing(kim)[0] == Standing.QUARANTINED


@pytest.mark.parametrize("provider", carriers.TRACKING)
def test_each_provider_has_a_door_that_a_stranger_does_not_pass(provider, kim, settings):
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": "a:b", "MAILGUN_WEBHOOK_SIGNING_KEY": "k", "MAILERSEND_SIGNING_SECRET": "k",
    }  # fmt: skip
    carriers._view.cache_clear()
    assert post(bounced(), user="c:d").status_code == 403


@pytest.mark.parametrize(
    ("event", "reason", "fate"),
    [
        ("bounced", "bounced", Fate.HARD), ("bounced", "invalid", Fate.HARD),
        ("bounced", "blocked", Fate.SOFT), ("bounced", "timed_out", Fate.SOFT),
        ("bounced", "spam", Fate.SOFT), ("bounced", "", Fate.SOFT),
        ("deferred", "", Fate.NOTHING), ("delivered", "", Fate.NOTHING), ("opened", "", Fate.NOTHING),
        ("rejected", "bounced", Fate.HARD), ("rejected", "spam", Fate.COMPLAINT),
        ("rejected", "unsubscribed", Fate.LEFT), ("rejected", "other", Fate.NOTHING),
        ("complained", "spam", Fate.COMPLAINT), ("unsubscribed", "", Fate.LEFT), ("", "", Fate.NOTHING),
    ],
)  # fmt: skip
def test_what_a_provider_means(event, reason, fate):
    assert of_event(event, reason) is fate


@pytest.mark.parametrize(
    ("words", "fate"),
    [
        ("smtp;550 5.1.1 unknown", Fate.HARD), ("", Fate.HARD), ("soft_bounce", Fate.SOFT),
        ("452 4.2.2 mailbox full", Fate.SOFT), ("smtp; 4.7.1 later", Fate.SOFT), ("550 since 2004.1.2", Fate.HARD),
    ],
)  # fmt: skip
def test_what_is_said_beside_it_tells_soft_from_hard(words, fate):
    assert of_event("bounced", "bounced", words) is fate


@pytest.mark.parametrize(
    ("provider", "secret", "well"),
    [
        ("", "", True),
        ("postmark", "a:b", True),
        ("postmark", "", False),
        ("postmarc", "a:b", False),
    ],
)
def test_a_slip_in_the_settings_is_told_at_the_start(provider, secret, well, settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = provider, {"WEBHOOK_SECRET": secret}
    assert (checks.the_mail_provider_is_one_that_we_hear() == []) is well
