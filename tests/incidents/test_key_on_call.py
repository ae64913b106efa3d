"""Answering on the call itself: the key counts for one page, and what is said back is true."""

from datetime import timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from notifications.links import answer_url, keys_url
from notifications.models import Delivery
from tests.incidents.conftest import last_event, person
from tests.incidents.test_reply_by_sms import FORM, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(declare):
    return declare("P0", at=clock.now())


def call_to(username):
    return Delivery.objects.get(channel="voice", recipient=person(username))


def press(key, call=None, *, path="", **headers):
    path = path or keys_url(call or call_to("cto")).removeprefix(settings.BASE_URL)
    fields = {"CallSid": "CA1", "Digits": key, "From": settings.TWILIO_FROM}
    headers = {"X-Twilio-Signature": signed(path, fields)} | headers
    return Client(enforce_csrf_checks=True).post(path, urlencode(fields), FORM, headers=headers)


def spoken(answer):
    response = ElementTree.fromstring(answer.content)
    return " ".join(say.text for say in response.iter("Say"))


def state(incident):
    return Incident.objects.get(pk=incident.pk).status


def test_one_acknowledges_in_the_name_of_whoever_was_called(incident):
    answer = press("1")

    assert spoken(answer) == f"#{incident.number} 확인했어요: 출금 지연"
    assert state(incident) == "acknowledged"
    event = last_event(incident, "status")
    assert (event.actor_user, event.data["via"], event.data["how"]) == (
        person("cto"), "voice", "key",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["2", "9", "*", ""])
def test_any_other_key_is_the_page_once_more(incident, key):
    answer = press(key)

    gather = ElementTree.fromstring(answer.content).find("Gather")
    assert gather.get("action") == keys_url(call_to("cto"))
    assert "출금 지연" in spoken(answer)
    assert state(incident) == "triggered"


def test_a_second_press_is_told_that_it_was_heard(incident):
    press("1")

    assert spoken(press("1")) == f"#{incident.number}: 이미 확인하셨어요. 지금 상태: 확인."
    assert Incident.objects.get().timeline.filter(kind="status").count() == 1


@pytest.mark.parametrize("key", ["1", "2"])
def test_who_comes_second_hears_who_was_faster(incident, key):
    press("1")

    assert "정유진 님이 먼저" in spoken(press(key, call_to("senior-dev")))
    assert Incident.objects.get().acknowledged_by == person("cto")


def test_what_is_over_stays_over(incident, commander):
    services.resolve(incident, by=commander, at=clock.now())

    assert "해결" in spoken(press("1"))
    assert state(incident) == "resolved"


def test_the_answer_is_spoken_in_the_language_of_the_call(incident):
    Delivery.objects.filter(pk=call_to("cto").pk).update(language="en")

    answer = press("1")

    assert spoken(answer).startswith(f"#{incident.number} acknowledged")
    assert b'language="en-US"' in answer.content


def test_a_call_older_than_a_week_says_so(incident):
    Delivery.objects.update(created_at=clock.now() - timedelta(days=7, seconds=1))

    assert "오래된 호출" in spoken(press("1"))
    assert state(incident) == "triggered"


def test_whoever_has_left_answers_no_more(incident):
    call = call_to("cto")
    person("cto").contacts.all().delete()
    type(person("cto")).objects.filter(username="cto").update(is_active=False)

    assert "더 이상" in spoken(press("1", call))
    assert state(incident) == "triggered"


@pytest.mark.parametrize("signature", ["", "x", "forged"])
def test_what_is_not_signed_by_twilio_is_refused_without_a_hint(incident, signature):
    answer = press("1", **{"X-Twilio-Signature": signature})

    assert (answer.status_code, answer.content) == (403, b"")
    assert state(incident) == "triggered"


def test_the_link_of_a_page_is_no_door_for_keys(incident):
    token = answer_url(call_to("cto")).split("/p/")[1]

    assert "오래된" in spoken(press("1", path=f"/hooks/twilio/voice/{token}"))
    assert state(incident) == "triggered"


def test_the_door_for_keys_is_no_link(incident):
    token = keys_url(call_to("cto")).split("/voice/")[1]

    assert Client().get(f"/p/{token}").status_code == 404
    assert Client().post(f"/p/{token}").status_code == 404
    assert state(incident) == "triggered"


def test_a_token_that_was_tampered_with_answers_nothing(incident):
    path = keys_url(call_to("cto")).removeprefix(settings.BASE_URL)
    other = path.replace(path[-6], "A" if path[-6] != "A" else "B")

    press("1", path=other)

    assert state(incident) == "triggered"


def test_the_door_takes_no_get(incident):
    assert Client().get(keys_url(call_to("cto"))).status_code == 405
