"""What becomes of a page: Twilio tells, the room shows it, and a failure is on the timeline."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from notifications.links import answer_url, keys_url, status_url
from notifications.models import Delivery, State
from tests.incidents.conftest import kinds, last_event, person
from tests.incidents.test_reply_by_sms import FORM, signed

pytestmark = pytest.mark.django_db
BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def incident(declare):
    made = declare("P1", at=clock.now())
    Delivery.objects.update(state=State.SENT, sent_at=clock.now(), provider_id="SM1", noted=True)
    return made


def page_to(username, channel="sms"):
    return Delivery.objects.get(recipient=person(username), channel=channel)


def tell(page, status, *, path="", **headers):
    path = path or status_url(page).removeprefix(settings.BASE_URL)
    fields = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": "30003"}
    headers = {"X-Twilio-Signature": signed(path, fields)} | headers
    return Client(enforce_csrf_checks=True).post(path, urlencode(fields), FORM, headers=headers)


def version(incident):
    return Incident.objects.get(pk=incident.pk).version


def shown(incident, commander):
    client = Client()
    client.force_login(commander)
    return client.get(f"/incidents/{incident.number}/").content.decode()


def test_the_room_shows_that_it_was_delivered(incident, commander):
    before = version(incident)

    assert tell(page_to("dev1"), "delivered").status_code == 204

    assert page_to("dev1").delivered_at
    assert version(incident) != before
    assert "SMS <b>전달됨</b>" in shown(incident, commander)


def test_a_failure_is_said_on_the_timeline_and_touches_no_other_channel(incident, commander):
    tell(page_to("dev1"), "undelivered")
    services.note_outcomes(at=clock.now())

    assert last_event(incident, "page_failed").data == {
        "name": "윤서아", "channel": "sms", "error": "undelivered 30003", "attempts": 0,
    }  # fmt: skip
    assert page_to("dev1", "slack").state == State.SENT
    assert "전달 실패" in shown(incident, commander)


def test_a_failure_that_is_repeated_is_said_once(incident):
    for _ in range(3):
        tell(page_to("dev1"), "undelivered")
        services.note_outcomes(at=clock.now())

    assert kinds(incident).count("page_failed") == 1


@pytest.mark.parametrize("signature", ["", "forged"])
def test_what_is_not_signed_by_twilio_is_refused_without_a_hint(incident, signature):
    answer = tell(page_to("dev1"), "undelivered", **{"X-Twilio-Signature": signature})

    assert (answer.status_code, answer.content) == (403, b"")
    assert page_to("dev1").state == State.SENT


@pytest.mark.parametrize("door", [answer_url, keys_url])
def test_no_other_address_of_a_page_takes_a_status(incident, door):
    token = door(page_to("dev1")).rstrip("/").rpartition("/")[2]

    tell(None, "undelivered", path=f"/hooks/twilio/status/{token}/")

    assert page_to("dev1").state == State.SENT


def test_a_message_that_is_gone_is_no_failure_of_ours(incident):
    page = page_to("dev1")
    Delivery.objects.all().delete()

    assert tell(page, "delivered").status_code == 204


def visit(page, method="get", **headers):
    path = answer_url(page).removeprefix(settings.BASE_URL)
    return getattr(Client(), method)(path, headers=headers)


def test_a_link_that_a_browser_shows_was_opened(incident):
    visit(page_to("dev1", "email"), **BROWSER)

    page = page_to("dev1", "email")
    assert page.opened_at
    assert page.answered_at is None
    assert Incident.objects.get().status == "triggered"


@pytest.mark.parametrize(
    ("method", "headers"),
    [("head", BROWSER), ("get", {}), ("get", BROWSER | {"Sec-Purpose": "prefetch"})],
)
def test_a_scanner_opens_nothing(incident, method, headers):
    visit(page_to("dev1", "email"), method, **headers)

    assert page_to("dev1", "email").opened_at is None


def test_the_way_by_which_somebody_answered_is_marked(incident, commander):
    visit(page_to("dev1", "email"), "post")

    assert page_to("dev1", "email").answered_at
    assert page_to("dev1").answered_at is None
    assert page_to("dev2", "email").answered_at is None
    assert "<b>확인함</b>" in shown(incident, commander)


def test_the_room_shows_also_a_way_that_nobody_ranked(incident, client):
    Delivery.objects.filter(pk=page_to("dev1").pk).update(channel="pigeon")

    client.force_login(person("dev2"))
    shown = client.get(f"/incidents/{incident.number}/").content.decode()

    assert "pigeon" in shown
