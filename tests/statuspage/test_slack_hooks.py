"""Channels of other people's Slack: theirs by a link that appears there, and only at Slack's own address."""

import re

import pytest
from django.test import Client

from core import clock
from statuspage.domain.addresses import slack_hook
from statuspage.domain.phases import Phase
from statuspage.models import Deferred, Mailing, Notice, Standing, Subscriber, Way
from statuspage.services import Words, calling, follow, say
from statuspage.services.lettering import write_due
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START
from tests.statuspage.test_subscribing import BOTH

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
HOMES = ["https://hooks.slack.com/services/", "http://127.0.0.1:8900/slack/services/"]


@pytest.fixture
def hook(settings, sandbox):
    settings.SLACK_HOOKS = [f"{sandbox.url}/slack/services/"]
    return f"{sandbox.url}/slack/services/T0/B0/abc"


@pytest.fixture
def visitor(page):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def notice(trouble):
    trouble("P1")
    follow(at=START)
    Notice.objects.update(title_en="Delayed <!channel>")
    return Notice.objects.get()


def ask(visitor, hook, **said):
    return visitor.post("/status/subscribe/", BOTH | {"way": "slack", "slack": hook} | said)


def posted(sandbox):
    return [one["details"]["message"] for one in sandbox.inbox(channel="slack")]


def link(message):
    return re.search(r"<https://status\.example(/[^|]+)\|", str(message["blocks"]))[1]


def subscribed(hook, **said):
    return Subscriber.objects.create(
        **{
            "way": Way.SLACK, "address": hook, "language": "en", "standing": Standing.ACTIVE,
            "created_at": START, "confirmed_at": START,
        } | said
    )  # fmt: skip


def tell(notice, by):
    said = Words(Phase.INVESTIGATING, "살펴보고 있어요.", "Looking <into> it & more.")
    say(notice, said, by=by, at=clock.now())
    call()


def call():
    caller = calling.Caller(Way.SLACK)
    while calling._first(caller) or calling._again(caller):
        pass


def test_a_channel_is_subscribed_by_the_link_that_appears_there(visitor, hook, sandbox):
    assert ask(visitor, hook).status_code == 200
    write_due(at=clock.now())
    (message,) = posted(sandbox)
    way = link(message)

    assert visitor.get("/status" + way).status_code == 200
    assert Subscriber.objects.get().standing == Standing.UNCONFIRMED
    assert visitor.post("/status" + way).status_code == 200
    assert Subscriber.objects.get().standing == Standing.ACTIVE


def test_a_channel_that_is_told_already_gets_the_link_that_changes_it(visitor, hook, sandbox):
    subscribed(hook)
    ask(visitor, hook)
    write_due(at=clock.now())
    way = link(posted(sandbox)[0])
    assert way.startswith("/manage/")
    visitor.post("/status" + way, {"incidents": "on", "quiet": "on", "language": "ko"})
    assert Subscriber.objects.get().quiet


def test_what_is_said_stands_there_as_words_with_a_way_to_leave(
    visitor, hook, notice, commander, sandbox
):
    subscribed(hook)
    tell(notice, commander)
    (message,) = posted(sandbox)
    assert message["text"] == "[dantaro][Investigating] Delayed &lt;!channel&gt;"
    said = str(message["blocks"])
    assert "Looking &lt;into&gt; it &amp; more." in said
    assert "<!channel>" not in said
    leave = re.search(r"<https://status\.example(/unsubscribe/[^|]+)\|Unsubscribe>", said)[1]
    visitor.post("/status" + leave)
    assert Subscriber.objects.get().standing == Standing.GONE


@pytest.mark.parametrize(
    ("mode", "standing"), [("reject", Standing.QUARANTINED), ("fail", Standing.ACTIVE), ("ratelimit", Standing.ACTIVE), ("garbage", Standing.ACTIVE)],
)  # fmt: skip
def test_a_hook_that_was_removed_ends_and_a_slack_that_is_away_does_not(
    mode, standing, hook, notice, commander, sandbox
):
    one = subscribed(hook)
    sandbox.break_("slack_webhook", mode)
    tell(notice, commander)
    one.refresh_from_db()
    assert one.standing == standing
    sandbox.break_("slack_webhook", "ok")
    Deferred.objects.update(due_at=START)
    call()
    told = standing == Standing.ACTIVE
    assert len(posted(sandbox)) == told
    assert Mailing.objects.get(way=Way.SLACK).sent == told


def test_an_address_that_got_in_otherwise_is_never_called(hook, notice, commander, sandbox):
    one = subscribed(f"{sandbox.url}/webhook/x")
    tell(notice, commander)
    one.refresh_from_db()
    assert one.standing == Standing.QUARANTINED
    assert sandbox.inbox() == []


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        (" https://hooks.slack.com/services/T0/B0/xYz9 ", True),
        ("http://127.0.0.1:8900/slack/services/T0/B0/x", True),
        ("http://hooks.slack.com/services/T0/B0/x", False),
        ("https://hooks.slack.com.evil.example/services/T0/B0/x", False),
        ("https://hooks.slack.com/services/../../x", False),
        ("https://hooks.slack.com/services/T0/B0/x?a=b", False),
        ("https://hooks.slack.com/services/T0/B0/x#@evil.example", False),
        ("https://hooks.slack.com@evil.example/services/T0/B0/x", False),
        ("https://hooks.slack.com/services/T0\r\nX: y", False),
        ("https://hooks.slack.com/services/", False),
        ("", False),
    ],
)
def test_what_is_a_hook_of_slack(typed, fits):
    assert slack_hook(typed, HOMES) == (typed.strip() if fits else None)
