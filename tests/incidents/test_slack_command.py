"""/bongsu in Slack: the same rules as everywhere, in the language of whoever typed it."""

import time

import pytest

from core import clock
from incidents.models import Incident
from notifications.models import Delivery, State
from tests.incidents.conftest import last_event, person
from tests.incidents.test_slack_button import knock, slack_id, viewer

pytestmark = pytest.mark.django_db


def typed(text="", username="dev1", *, user="", trigger="1", place="", at=None):
    fields = {
        "command": "/bongsu", "text": text, "trigger_id": trigger, "channel_id": place,
        "user_id": user or slack_id(username),
    }  # fmt: skip
    answer = knock(fields, at=at)
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"
    return answer.json()["text"]


def test_alone_it_lists_what_is_open_the_gravest_first(three):
    first, second = typed().splitlines()

    assert first.startswith("*P0* <http")
    assert f"/incidents/{three[0].number}/|#{three[0].number}> 출금 중단 · 발생" in first
    assert second.endswith("입금 지연 · 확인 · 봉수 지휘자")


def test_nothing_open_is_said(seeded):
    assert typed() == "열린 장애가 없어요."
    assert typed(username="dev2") == "Nothing is open."


def test_of_many_the_first_ten_are_shown_and_the_rest_is_counted(declare):
    for _ in range(12):
        declare("P3")

    lines = typed().splitlines()

    assert len(lines) == 11
    assert "2" in lines[-1]


def test_a_title_is_shown_as_words(declare):
    Incident.objects.filter(pk=declare().pk).update(title="<!channel> & <b>")

    assert "&lt;!channel&gt; &amp; &lt;b&gt;" in typed()


def test_ack_with_a_number_acknowledges_that_one(three):
    said = typed(f"ack {three[0].number}")

    assert said == f"#{three[0].number} 확인했어요: 출금 중단"
    event = last_event(three[0], "status")
    assert (event.actor_user, event.data["how"]) == (person("dev1"), "command")


def test_ack_alone_means_the_newest_page_in_slack(declare):
    older, newer = declare("P1", at=clock.now()), declare("P1", at=clock.now())
    Delivery.objects.filter(channel="slack").update(state=State.SENT, sent_at=clock.now())

    assert f"#{newer.number}" in typed("확인")
    assert Incident.objects.get(pk=older.pk).status == "triggered"


def test_who_comes_second_is_told_who_was_faster(declare):
    incident = declare("P1")
    typed(f"ack {incident.number}")

    assert "already answered by 윤서아" in typed(f"ack {incident.number}", "dev2")
    assert "이미 확인하셨어요" in typed(f"ack {incident.number} ", trigger="2")


def test_what_is_over_stays_over(three):
    assert "해결" in typed(f"ack {three[2].number}")


def test_declare_opens_an_incident_in_the_name_of_whoever_typed_it(seeded):
    said = typed("declare P1 출금 &amp; 입금 &lt;중단&gt;")

    incident = Incident.objects.get()
    assert (incident.severity, incident.title) == ("P1", "출금 & 입금 <중단>")
    assert last_event(incident, "declared").actor_user == person("dev1")
    assert f"|#{incident.number}> 출금 &amp; 입금 &lt;중단&gt;" in said
    assert Delivery.objects.about(incident.topic).filter(channel="sms").exists()


def test_a_repeated_request_declares_once_and_is_answered_alike(seeded):
    sent = time.time()

    assert typed("declare P1 x", at=sent) == typed("declare P1 x", at=sent)
    assert Incident.objects.count() == 1


def test_a_viewer_reads_and_nothing_else(declare):
    viewer(language="ko")
    incident = declare("P1")

    assert f"#{incident.number}" in typed(user="U0VIEWER")
    assert "역할" in typed("declare P1 x", user="U0VIEWER")
    assert "맞는 호출이 없어요" in typed(f"ack {incident.number}", user="U0VIEWER")
    assert Incident.objects.get().status == "triggered"


def test_an_account_nobody_has_sees_nothing(declare):
    declare("P1")

    assert "U0STRANGER" in typed(user="U0STRANGER")
    assert "출금" not in typed(user="U0STRANGER")


def test_whatever_else_is_answered_with_help(seeded):
    assert "/bongsu 확인 214" in typed("뭐지?")
    assert "/bongsu ack 214" in typed("help", "dev2")


def test_a_number_that_is_no_incident_fits_nothing(seeded):
    assert "맞는 호출이 없어요" in typed("ack 99999")
