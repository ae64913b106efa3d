"""Answering by the button in Slack: only Slack itself may bring a press, and each acts once."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from notifications.models import Delivery, Lane
from teams.models import ContactMethod, User
from tests.incidents.conftest import last_event, person

pytestmark = pytest.mark.django_db
PATH = "/hooks/slack/"
FORM = "application/x-www-form-urlencoded"
BACK = "https://hooks.slack.com/actions/T0/1/x"


def knock(fields, *, age=0, at=None, secret=None, **headers):
    body, stamp = urlencode(fields), str(int(at or time.time()) - age)
    key = (secret or settings.SLACK_SIGNING_SECRET).encode()
    mac = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"} | headers
    return Client(enforce_csrf_checks=True).post(PATH, body, FORM, headers=signed)


def payload(page, user, *, action="acknowledge", back=BACK):
    button = {"action_id": action, "value": str(page.pk), "type": "button"}
    said = {"type": "block_actions", "user": {"id": user, "name": "누구"}, "response_url": back}
    return {"payload": json.dumps(said | {"actions": [button]})}


def slack_id(username):
    return ContactMethod.objects.get(user__username=username, channel="slack").address


def press(username="dev1", *, user="", **said):
    pages = Delivery.objects.filter(channel="slack", topic__startswith="incident:")
    page = pages.filter(language="ko").first()  # the message anew is in its reader's language
    knocking = {name: said.pop(name) for name in ("age", "secret") if name in said}
    return knock(payload(page, user or slack_id(username), **said), **knocking)


def answers():
    """What Slack will be told: the message anew, or words for one person."""
    return list(Delivery.objects.filter(topic__startswith="slack:").order_by("created_at"))


@pytest.fixture
def incident(declare):
    return declare("P1", at=clock.now())


def state(incident):
    return Incident.objects.get(pk=incident.pk).status


def test_the_button_acknowledges_in_the_name_of_whoever_pressed_it(incident):
    assert press().status_code == 200

    assert state(incident) == "acknowledged"
    event = last_event(incident, "status")
    assert (event.actor_user, event.data["via"], event.data["how"]) == (
        person("dev1"), "slack", "button",
    )  # fmt: skip


def test_the_message_then_says_who_answered_instead_of_asking(incident):
    press()

    (answer,) = answers()
    assert (answer.address, answer.lane, answer.channel) == (BACK, Lane.PAGE, "slack")
    assert answer.context["reply"] == {"replace_original": True}
    assert answer.context["answered"].startswith("확인: 윤서아 님이")
    assert answer.context["title"] == "출금 지연"


def test_a_repeated_request_acts_once(incident):
    page = Delivery.objects.filter(channel="slack").first()
    for _ in range(2):
        assert knock(payload(page, slack_id("dev1"))).status_code == 200

    assert len(answers()) == 1
    assert incident.timeline.filter(kind="status").count() == 1


def test_who_comes_second_sees_who_was_faster(incident):
    press()
    press("dev2", back=BACK + "2")

    assert Incident.objects.get().acknowledged_by == person("dev1")
    assert "윤서아" in answers()[1].context["answered"]


def test_what_is_over_stays_over_and_the_message_says_so(incident, commander):
    services.resolve(incident, by=commander, at=clock.now())

    press()

    assert state(incident) == "resolved"
    assert answers()[0].context["answered"].startswith("해결")


def test_an_account_nobody_has_is_told_so_alone(incident):
    press(user="U0STRANGER")

    (answer,) = answers()
    assert "U0STRANGER" in answer.context["said"]
    assert answer.context["reply"] == {"response_type": "ephemeral", "replace_original": False}
    assert state(incident) == "triggered"


def viewer(**fields):
    someone = User.objects.create(username="viewer", role="viewer", **fields)
    ContactMethod.objects.create(user=someone, channel="slack", address="U0VIEWER")
    return someone


@pytest.mark.parametrize(("language", "words"), [("ko", "역할"), ("en", "your role may not")])
def test_who_may_not_is_told_so_in_their_language(incident, language, words):
    viewer(language=language)

    press(user="U0VIEWER")

    assert words in answers()[0].context["said"]
    assert state(incident) == "triggered"


def test_whoever_was_paged_may_whatever_their_role(incident):
    page = Delivery.objects.filter(channel="email").first()
    page.pk, page.recipient, page.recipient_name = None, viewer(), "구경꾼"
    page.save()

    press(user="U0VIEWER")

    assert state(incident) == "acknowledged"


def test_whoever_has_left_answers_no_more(incident):
    User.objects.filter(username="dev1").update(is_active=False)

    press("dev1")

    assert state(incident) == "triggered"


def test_a_page_that_is_gone_can_no_longer_be_answered(incident):
    Delivery.objects.all().delete()

    for gone in ("not-a-key", "00000000-0000-0000-0000-000000000000"):
        knock(payload(Delivery(pk=gone), slack_id("dev1"), back=BACK + gone))

    assert ["더 이상" in each.context["said"] for each in answers()] == [True, True]
    assert state(incident) == "triggered"


def test_opening_a_link_is_no_answer(incident):
    assert press(action="open").status_code == 200
    assert (answers(), state(incident)) == ([], "triggered")


def test_what_is_older_than_five_minutes_is_refused(incident):
    assert press(age=301).status_code == 403
    assert press(age=-301).status_code == 403
    assert press(age=290).status_code == 200


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Slack-Signature": "v0=00"}, {"X-Slack-Signature": ""}, {"X-Slack-Signature": "한글"},
        {"X-Slack-Request-Timestamp": "soon"}, {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
)  # fmt: skip
def test_what_is_not_signed_is_refused_without_a_hint(incident, forged):
    forged = {name: value.encode().decode("latin-1") for name, value in forged.items()}
    page = Delivery.objects.filter(channel="slack").first()

    answer = knock(payload(page, slack_id("dev1")), **forged)

    assert (answer.status_code, answer.content) == (403, b"")
    assert state(incident) == "triggered"


def test_a_signature_with_another_secret_is_refused(incident):
    assert press(secret="another").status_code == 403


def test_bytes_that_are_no_text_are_refused(incident):
    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=0"}

    assert Client().post(PATH, b"\xff\xfe", FORM, headers=headers).status_code == 403


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"actions": []}', "null", '{"actions": [{}]}'])
def test_what_is_no_press_of_ours_is_said_so(db, said):
    assert knock({"payload": said}).status_code == 400


def test_what_is_too_large_is_refused(incident):
    assert knock({"payload": "x" * 300_000}).status_code == 403
