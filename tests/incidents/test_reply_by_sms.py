"""Answering by text message: what is not Twilio's is refused, what is acts once."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from core import clock
from incidents import services
from incidents.models import Incident
from notifications.models import Delivery, State
from teams.models import ContactMethod
from tests.incidents.conftest import last_event, person

pytestmark = pytest.mark.django_db
PATH = "/hooks/twilio/sms/"
FORM = "application/x-www-form-urlencoded"


def signed(path, fields, token=None):
    said = settings.BASE_URL + path + "".join(f"{n}{fields[n]}" for n in sorted(fields))
    key = (token or settings.TWILIO_AUTH_TOKEN or "").encode()
    return base64.b64encode(hmac.new(key, said.encode(), hashlib.sha1).digest()).decode()


def number_of(username):
    return ContactMethod.objects.get(user__username=username, channel="sms").address


def write(text, username="dev1", *, sid="SM1", sender=None, **headers):
    fields = {"From": sender or number_of(username), "Body": text, "MessageSid": sid}
    headers = {"X-Twilio-Signature": signed(PATH, fields)} | headers
    return Client(enforce_csrf_checks=True).post(PATH, urlencode(fields), FORM, headers=headers)


@pytest.fixture
def incident(declare):
    return arrived(declare("P1", at=clock.now()))


def arrived(incident):
    Delivery.objects.about(incident.topic).filter(channel="sms").update(
        state=State.SENT, sent_at=clock.now()
    )
    return incident


def state(incident):
    return Incident.objects.get(pk=incident.pk).status


@pytest.mark.parametrize("signature", ["", "x", "한글", signed(PATH, {"Body": "1"}, "another key")])
def test_what_is_not_signed_is_refused_without_a_hint(incident, signature):
    answer = write("1", **{"X-Twilio-Signature": signature.encode().decode("latin-1")})

    assert (answer.status_code, answer.content) == (403, b"")
    assert state(incident) == "triggered"


def test_a_signature_for_other_words_is_refused(incident):
    fields = {"From": number_of("dev1"), "Body": "2", "MessageSid": "SM1"}

    assert write("1", **{"X-Twilio-Signature": signed(PATH, fields)}).status_code == 403
    assert state(incident) == "triggered"


def test_what_the_second_company_signs_is_heard_too(incident, settings):
    settings.TWILIO_BACKUP_API_URL = "https://phones.example"
    fields = {"From": number_of("dev1"), "Body": "1", "MessageSid": "SM1"}
    signature = signed(PATH, fields, settings.TWILIO_BACKUP_AUTH_TOKEN)

    assert write("1", **{"X-Twilio-Signature": signature}).status_code == 200
    assert state(incident) == "acknowledged"


def test_a_second_company_that_is_not_there_signs_nothing(incident, settings):
    settings.TWILIO_BACKUP_API_URL = ""
    fields = {"From": number_of("dev1"), "Body": "1", "MessageSid": "SM1"}
    signature = signed(PATH, fields, settings.TWILIO_BACKUP_AUTH_TOKEN)

    assert write("1", **{"X-Twilio-Signature": signature}).status_code == 403


def test_a_token_that_was_never_set_opens_nothing(incident, settings):
    settings.TWILIO_AUTH_TOKEN = settings.TWILIO_BACKUP_AUTH_TOKEN = ""

    assert write("1").status_code == 403
    assert state(incident) == "triggered"


def test_a_message_without_its_id_is_refused_with_the_reason(incident):
    answer = write("1", sid="")

    assert (answer.status_code, answer.content) == (400, b"MessageSid is missing")
    assert state(incident) == "triggered"


def test_what_is_too_large_is_refused(incident):
    assert write("1" * 70_000).status_code == 403


def test_the_host_header_counts_for_nothing(incident):
    assert write("1", Host="liar.example").status_code == 200
    assert state(incident) == "acknowledged"


def test_a_number_nobody_has_is_told_so(incident):
    answer = write("1", sender="+15550009999")

    assert "등록되지 않은 번호" in answer.content.decode()
    assert state(incident) == "triggered"


def test_a_number_that_two_share_answers_for_neither(incident):
    ContactMethod.objects.filter(user__username="dev2", channel="sms").update(
        address=number_of("dev1")
    )

    write(
        "1", sender=ContactMethod.objects.filter(channel="sms", user__username="dev1").get().address
    )

    assert state(incident) == "triggered"


def test_other_words_are_told_what_to_write(incident):
    assert "확인 214" in write("뭐라고요?").content.decode()
    assert state(incident) == "triggered"


def test_without_a_page_there_is_nothing_to_answer(seeded):
    assert "맞는 호출이 없어요" in write("1").content.decode()


@pytest.mark.parametrize("text", ["1", "ok", "ACK", "확인"])
def test_a_reply_acknowledges_in_the_senders_name(incident, text):
    answer = write(text)

    assert f"<Message>#{incident.number} 확인했어요" in answer.content.decode()
    assert state(incident) == "acknowledged"
    event = last_event(incident, "status")
    assert (event.actor_user, event.data["via"]) == (person("dev1"), "sms")


def test_the_answer_speaks_the_senders_language(incident):
    assert f"#{incident.number} acknowledged" in write("ok", "dev2").content.decode()


def test_without_a_number_the_newest_page_is_meant(incident, declare):
    newer = arrived(declare("P1", at=clock.now()))

    write("1")

    assert (state(incident), state(newer)) == ("triggered", "acknowledged")


def test_with_a_number_that_incident_is_meant(incident, declare):
    newer = arrived(declare("P1", at=clock.now()))

    write(f"확인 {incident.number}")

    assert (state(incident), state(newer)) == ("acknowledged", "triggered")


def test_a_repeated_message_acts_once_and_is_answered_alike(incident, declare):
    newer = arrived(declare("P1", at=clock.now()))

    first, second = write("1", sid="SM7"), write("1", sid="SM7")

    assert first.content == second.content
    assert (state(incident), state(newer)) == ("triggered", "acknowledged")


def test_who_comes_second_is_told_who_was_faster(incident):
    write("1", sid="SM1")

    assert "윤서아" in write("1", "dev2", sid="SM2").content.decode()
    assert Incident.objects.get().acknowledged_by == person("dev1")


def test_what_is_over_stays_over(incident, commander):
    services.resolve(incident, by=commander, at=clock.now())

    assert "해결" in write(f"ack {incident.number}").content.decode()
    assert state(incident) == "resolved"
