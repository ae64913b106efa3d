"""Endpoints of subscribers: theirs by a challenge, signed, and in nobody's way when they hang."""

import base64
import json
import socket
import time
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from standardwebhooks.webhooks import Webhook

from core import clock
from statuspage import endpoints, reading
from statuspage.domain.addresses import endpoint
from statuspage.domain.phases import Phase
from statuspage.models import Deferred, Mailing, Notice, Standing, Subscriber, Way
from statuspage.services import Words, calling, follow, say
from statuspage.services.lettering import write_due
from tests.listener import listeners
from tests.notifications.conftest import running_sandbox, sandbox
from tests.statuspage.scene import START
from tests.statuspage.test_subscribing import BOTH, letter

__all__ = ["running_sandbox", "sandbox"]
pytestmark = pytest.mark.django_db
MAIL = "ops@example.com"


@pytest.fixture
def hook(settings, sandbox):
    """An endpoint on this machine, which the guard lets us call."""
    with listeners() as listen:
        found = listen("")
        settings.OUTBOUND_ALLOW = [found.url.removeprefix("http://")]
        yield found


@pytest.fixture
def visitor(page):
    return Client()


@pytest.fixture
def notice(trouble):
    trouble("P1")
    follow(at=START)
    return Notice.objects.get()


def subscribed(url, **said):
    return Subscriber.objects.create(
        **{
            "way": Way.WEBHOOK, "address": url, "contact": MAIL, "language": "ko",
            "standing": Standing.ACTIVE, "created_at": START, "confirmed_at": START,
        } | said
    )  # fmt: skip


def tell(notice, commander):
    say(notice, Words(Phase.INVESTIGATING, "살펴보고 있어요."), by=commander, at=clock.now())


def call():
    """As a worker does it, in this thread."""
    caller = calling.Caller(Way.WEBHOOK)
    while calling._first(caller) or calling._again(caller):
        pass


def mailing():
    return Mailing.objects.get(way=Way.WEBHOOK)


def test_an_endpoint_is_subscribed_by_a_press_and_by_its_own_answer(visitor, hook, sandbox):
    url = f"{hook.url}/in?a=1"
    visitor.post("/status/subscribe/", BOTH | {"address": MAIL, "endpoint": url})
    way, mail = letter(sandbox)
    assert mail["to"] == MAIL
    assert url in mail["text"]

    assert (
        visitor.post("/status" + way).status_code == 400
    )  # it answers, but not with the challenge
    assert Subscriber.objects.get().standing == Standing.UNCONFIRMED

    def echo(call):
        hook.say(json.loads(call.body)["data"]["challenge"])
        return 200

    hook.answers = echo
    page = visitor.post("/status" + way)
    one = Subscriber.objects.get()
    assert one.standing == Standing.ACTIVE
    assert endpoints.secret_words(one).replace("=", "&#x3D;") in page.content.decode().replace(
        "=", "&#x3D;"
    )
    assert endpoints.public_key_words(one) in page.content.decode()


def test_a_stranger_gets_no_link_to_an_endpoint_of_somebody_else(visitor, hook, sandbox):
    subscribed(f"{hook.url}/in")
    visitor.post(
        "/status/subscribe/",
        BOTH | {"address": "mallory@example.com", "endpoint": f"{hook.url}/in"},
    )
    write_due(at=clock.now())
    assert [one["to"] for one in sandbox.inbox()] == [MAIL]


def test_what_is_sent_is_signed_as_standard_webhooks_verifies_it(hook, notice, commander):
    one = subscribed(f"{hook.url}/in")
    tell(notice, commander)
    call()

    (came,) = hook.calls
    found = Webhook(endpoints.secret_words(one)).verify(came.body, came.headers)
    assert found["type"] == "incident.updated"
    assert found["data"]["subscription"] == str(one.key)
    assert found["data"]["incident"]["incident_updates"][0]["body"] == "살펴보고 있어요."
    assert found["data"]["status"]["indicator"] == "major"
    other = Subscriber()
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(endpoints.secret_words(other)).verify(came.body, came.headers)
    assert mailing().done_at


def test_a_body_as_statuspage_sends_it(hook, notice, commander):
    subscribed(f"{hook.url}/in", shape="statuspage")
    tell(notice, commander)
    call()

    said = json.loads(hook.calls[0].body)
    assert set(said) == {"meta", "page", "incident"}
    assert set(said["meta"]) == {"unsubscribe", "documentation", "generated_at"}
    assert said["page"]["status_indicator"] == "major"
    assert said["incident"]["status"] == "investigating"


def test_one_that_failed_is_called_again_with_the_same_id(hook, notice, commander):
    subscribed(f"{hook.url}/in")
    hook.answers = lambda _call: 500 if len(hook.calls) < 3 else 200
    tell(notice, commander)
    call()
    for _time in range(2):
        Deferred.objects.update(due_at=START)
        call()

    assert len({one.headers["webhook-id"] for one in hook.calls}) == 1
    assert len(hook.calls) == 3
    assert mailing().done_at
    assert Subscriber.objects.get().failures == 0


def test_one_that_says_it_is_gone_is(hook, notice, commander):
    subscribed(f"{hook.url}/in")
    hook.say("", status=410)
    tell(notice, commander)
    call()
    assert Subscriber.objects.get().standing == Standing.GONE


def test_a_dead_one_is_given_up_after_ten_failures_in_over_an_hour_and_its_owner_hears(
    hook, notice, commander, sandbox
):
    one = subscribed(
        f"{hook.url}/in", failures=9, failing_since=clock.now() - timedelta(minutes=61)
    )
    hook.say("", status=503)
    tell(notice, commander)
    call()

    one.refresh_from_db()
    assert (one.standing, one.why) == (Standing.QUARANTINED, "HTTP 503")
    write_due(at=clock.now())
    (mail,) = sandbox.inbox()
    assert mail["to"] == MAIL
    assert one.address in mail["text"]
    call()
    assert len(hook.calls) == 1


def test_what_is_sent_is_signed_by_a_key_that_only_verifies(hook, notice, commander):
    one = subscribed(f"{hook.url}/in")
    tell(notice, commander)
    call()

    (came,) = hook.calls
    signed = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode()
    versions = dict(each.split(",") for each in came.headers["webhook-signature"].split())
    assert list(versions) == ["v1", "v1a"]
    words = endpoints.public_key_words(one)
    assert words.startswith("whpk_")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(words.removeprefix("whpk_")))
    signature = base64.b64decode(versions["v1a"])
    key.verify(signature, signed + came.body)
    with pytest.raises(InvalidSignature):
        key.verify(signature, signed + came.body + b" ")
    assert endpoints.public_key_words(Subscriber()) != words


def test_a_redirect_is_not_followed(hook, notice, commander):
    subscribed(f"{hook.url}/in")
    hook.say("", status=302)
    tell(notice, commander)
    call()
    assert len(hook.calls) == 1
    assert Subscriber.objects.get().failures == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_hangs_slows_nobody_else(hook, notice, commander, settings):
    """Eight callers; one of them waits for it, the others go on, and next time it waits by itself."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        place = f"127.0.0.1:{deaf.getsockname()[1]}"
        settings.OUTBOUND_ALLOW = [*settings.OUTBOUND_ALLOW, place]
        subscribed(f"http://{place}/")
        for number in range(20):
            subscribed(f"{hook.url}/{number}")
        came = []

        def hear(_call):
            came.append(time.monotonic())
            return 200

        hook.answers = hear
        tell(notice, commander)
        calling.call()
        ended = time.monotonic()

    assert len(came) == 20
    assert ended - came[-1] > 2  # all had it while the deaf one was still waited for
    assert mailing().sent == 20
    assert Subscriber.objects.get(failures=1).address == f"http://{place}/"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://Hooks.Example.com ", "https://hooks.example.com/"),
        ("https://hooks.example.com:8443/a?b=c#d", "https://hooks.example.com:8443/a?b=c"),
        ("https://[2606:4700::1]/x", "https://[2606:4700::1]/x"),
        ("http://127.0.0.1:8900/x", "http://127.0.0.1:8900/x"),
        ("http://hooks.example.com/", None),
        ("https://hooks.example.com:22/", None),
        ("https://user:word@hooks.example.com/", None),
        ("https://169.254.169.254#.hooks.example.com\\@x/ y", None),
        ("https://hooks.example.com:99999/", None),
        ("https:///x", None),
        ("ftp://hooks.example.com/", None),
        ("https://hooks.example.com/\r\nX: y", None),
        (f"https://hooks.example.com/{'a' * 500}", None),
    ],
)
def test_what_a_stranger_may_have_us_call(typed, kept):
    assert endpoint(typed, also=["127.0.0.1:8900"]) == kept


def test_an_old_one_that_is_reviewed_is_told_though_the_page_lists_newer_ones(
    notice, hook, commander, monkeypatch
):
    subscribed(f"{hook.url}/in")
    tell(notice, commander)
    say(notice, Words(Phase.RESOLVED, "끝났어요."), by=commander, at=clock.now())
    call()
    monkeypatch.setattr(reading, "RECENT", 0)
    say(notice, Words(Phase.POSTMORTEM, "돌아봤어요."), by=commander, at=clock.now())
    call()
    assert json.loads(hook.calls[-1].body)["data"]["incident"]["status"] == "postmortem"
