"""Browsers as subscribers: each message encrypted for one of them, confirmed by a press, gone when they are."""

import json
import re

import httpx2
import pytest
from django.test import Client

from core import clock
from integrations import web_push
from statuspage.domain.addresses import push_endpoint
from statuspage.domain.phases import Phase
from statuspage.models import Deferred, Mailing, Notice, Standing, Subscriber, Way
from statuspage.services import Words, calling, follow, say
from statuspage.services.lettering import write_due
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START
from tests.statuspage.test_subscribing import BOTH

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
HOSTS = ["fcm.googleapis.com", "*.notify.windows.com"]


@pytest.fixture
def browser(settings, sandbox):
    """What `pushManager.subscribe` gives in a new browser, for our key."""
    settings.PUSH_HOSTS = [f"127.0.0.1:{sandbox.port}"]
    said = {"applicationServerKey": web_push.public_key()}
    return httpx2.post(f"{sandbox.url}/push/browsers", json=said, timeout=10).json()


@pytest.fixture
def visitor(page):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def notice(trouble):
    trouble("P1")
    follow(at=START)
    return Notice.objects.get()


def ask(visitor, browser, **said):
    given = BOTH | {"way": "push", "push": json.dumps(browser)} | said
    return visitor.post("/status/subscribe/", given)


def shown(sandbox):
    return [one["details"] for one in sandbox.inbox(channel="push")]


def subscribed(browser, **said):
    keys = f"{browser['keys']['p256dh']} {browser['keys']['auth']}"
    return Subscriber.objects.create(
        **{
            "way": Way.PUSH, "address": browser["endpoint"], "push_keys": keys, "language": "ko",
            "standing": Standing.ACTIVE, "created_at": START, "confirmed_at": START,
        } | said
    )  # fmt: skip


def tell(notice, by, words="살펴보고 있어요."):
    say(notice, Words(Phase.INVESTIGATING, words), by=by, at=clock.now())
    call()


def call():
    caller = calling.Caller(Way.PUSH)
    while calling._first(caller) or calling._again(caller):
        pass


def path(link):
    return re.sub("^https://status.example", "/status", link)


def test_a_browser_is_subscribed_by_a_press_on_its_first_notification(visitor, browser, sandbox):
    assert ask(visitor, browser).status_code == 200
    write_due(at=clock.now())
    (one,) = shown(sandbox)
    link = path(one["data"]["link"])

    assert visitor.get(link).status_code == 200
    assert Subscriber.objects.get().standing == Standing.UNCONFIRMED
    assert visitor.post(link).status_code == 200
    assert Subscriber.objects.get().standing == Standing.ACTIVE


def test_what_is_said_is_shown_with_a_button_that_ends_it(
    visitor, browser, notice, commander, sandbox
):
    subscribed(browser)
    tell(notice, commander)
    (one,) = sandbox.inbox(channel="push")
    said = one["details"]
    assert (said["title"], said["body"]) == ("[단타로][조사 중] 출금 지연", "살펴보고 있어요.")
    assert said["tag"] == one["headers"]["topic"] == notice.public_id
    assert said["actions"] == [{"action": "leave", "title": "구독 해지"}]
    assert said["data"]["link"].endswith(f"/incidents/{notice.public_id}/")

    visitor.post(path(said["data"]["leave"]))
    assert Subscriber.objects.get().standing == Standing.GONE


def test_long_words_fit(browser, notice, commander, sandbox):
    subscribed(browser)
    tell(notice, commander, "출금이 늦어지고 있어요. " * 200)
    assert len(shown(sandbox)[0]["body"]) == 400


@pytest.mark.parametrize(
    ("mode", "standing"),
    [("reject", Standing.GONE), ("fail", Standing.ACTIVE), ("ratelimit", Standing.ACTIVE)],
)
def test_a_browser_that_is_gone_ends_and_a_service_that_is_away_does_not(
    mode, standing, browser, notice, commander, sandbox
):
    one = subscribed(browser)
    sandbox.break_("push", mode)
    tell(notice, commander)
    one.refresh_from_db()
    assert one.standing == standing
    sandbox.break_("push", "ok")
    Deferred.objects.update(due_at=START)
    call()
    told = standing == Standing.ACTIVE
    assert len(shown(sandbox)) == told
    assert Mailing.objects.get(way=Way.PUSH).sent == told


def test_a_subscription_nobody_knows_any_more_is_404_and_ends(browser, notice, commander, sandbox):
    one = subscribed(browser | {"endpoint": browser["endpoint"][:-1] + "z"})
    tell(notice, commander)
    one.refresh_from_db()
    assert (one.standing, one.why) == (Standing.GONE, "HTTP 404")


def spoilt(browser, **said):
    return browser | {"keys": browser["keys"] | said}


def test_what_no_browser_says_is_refused(visitor, browser):
    point = "A" * 87
    for wrong in (
        None, [], {}, "x", {"endpoint": browser["endpoint"]}, {"endpoint": 7, "keys": {}},
        browser | {"endpoint": "https://evil.example/x"}, spoilt(browser, p256dh=point),
        spoilt(browser, p256dh=None), spoilt(browser, auth="AAAA"), spoilt(browser, auth="a b"),
    ):  # fmt: skip
        assert ask(visitor, wrong).status_code == 400, wrong
    assert ask(visitor, browser, push="{").status_code == 400
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://db5p.notify.windows.com/w/?token=x", True),
        ("https://notify.windows.com.evil.example/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("", False),
    ],
)
def test_whose_push_services_are_posted_to(typed, fits):
    assert push_endpoint(typed, HOSTS) == (typed if fits else None)
