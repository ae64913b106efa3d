"""What is asked for in Slack or by text message, by the portal's rules."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import clock
from incidents import services
from incidents.domain import commands
from incidents.domain.confirming import LASTS, MOST, TRIES
from incidents.models import Assembly, Confirmation, Incident
from teams.models import ContactMethod, User
from tests.incidents.conftest import kinds, last_event, pages, person
from tests.incidents.test_reply_by_sms import write
from tests.incidents.test_slack_button import slack_id, viewer
from tests.incidents.test_slack_command import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(declare):
    return declare("P1", at=clock.now())


def promoted(username, role="commander"):
    User.objects.filter(username=username).update(role=role)


def state(incident):
    return Incident.objects.get(pk=incident.pk).status


def texted(text, username="dev1", *, sid="SM1"):
    """With the code that was sent back, where one is asked for."""
    said = once_texted(text, username, sid=sid)
    code = re.search(r"\b\d{6}\b", said)
    return once_texted(code[0], username, sid=f"{sid}-code") if code else said


def once_texted(text, username="dev1", **more):
    answer = write(text, username, **more)
    assert answer.status_code == 200
    said = answer.content.decode()
    return said.partition("<Message>")[2].partition("</Message>")[0]


@pytest.mark.parametrize("way", [typed, texted])
def test_it_is_mitigated_and_resolved_in_the_name_of_whoever_says_so(incident, way):
    promoted("dev1")

    assert "완화" in way(f"완화 {incident.pk}")
    assert state(incident) == "mitigated"
    assert last_event(incident, "status").actor_user == person("dev1")
    more = {"trigger": "2"} if way is typed else {"sid": "SM2"}
    assert "해결" in way(f"resolve #{incident.pk}", **more)
    assert state(incident) == "resolved"
    assert pages(incident, state="pending") == set()


@pytest.mark.parametrize("command", ["완화 {}", "resolve {}", "선언 P0 모두 멈춤"])
def test_what_is_grave_waits_for_a_code_that_only_the_phone_receives(incident, command):
    promoted("dev1")
    before = kinds(incident)
    said = once_texted(command.format(incident.pk))

    assert kinds(incident) == before
    assert Incident.objects.count() == 1
    digits = re.search(r"\d{6}", said)[0]
    assert "코드가 아니" in once_texted(f"{(int(digits) + 1) % 10**6:06}", sid="SM2")
    once_texted(f"{digits[:3]} {digits[3:]}", sid="SM3")
    assert kinds(incident) != before or Incident.objects.count() == 2
    assert "기다리는 명령이 없" in once_texted(digits, sid="SM4")


def test_a_code_ends_with_its_tries_and_new_ones_are_few(incident):
    promoted("dev1")
    said = once_texted(f"resolve {incident.pk}")
    digits = re.search(r"\d{6}", said)[0]
    for n in range(TRIES):
        once_texted(f"{(int(digits) + 1 + n) % 10**6:06}", sid=f"SMX{n}")
    assert "기다리는 명령이 없" in once_texted(digits, sid="SM2")

    for n in range(MOST - 1):
        assert re.search(r"\d{6}", once_texted(f"resolve {incident.pk}", sid=f"SMA{n}"))
    assert "너무 많" in once_texted(f"resolve {incident.pk}", sid="SMB")
    assert state(incident) == "triggered"


def test_a_code_is_of_one_person_and_of_ten_minutes(incident):
    promoted("dev1")
    promoted("dev2")
    digits = re.search(r"\d{6}", once_texted(f"resolve {incident.pk}"))[0]

    once_texted(digits, "dev2", sid="SM2")
    Confirmation.objects.update(at=clock.now() - LASTS)
    once_texted(digits, sid="SM3")
    assert state(incident) == "triggered"


def test_the_only_open_one_that_was_meant_stays_meant(incident, declare):
    promoted("dev1")
    digits = re.search(r"\d{6}", once_texted("resolve"))[0]
    other = declare("P3", at=clock.now())
    once_texted(digits, sid="SM2")

    assert (state(incident), state(other)) == ("resolved", "triggered")


@given(
    st.sampled_from(["P0", "P3"]).flatmap(
        lambda severity: st.text(min_size=1).map(lambda text: f"declare {severity} {text}")
    )
    | st.integers(1, 10**9 - 1).map(lambda number: f"mitigate {number}")
    | st.just("resolve")
)
def test_what_waits_is_read_again_as_it_was_meant(text):
    command = commands.read(text)
    if isinstance(command, commands.Grave):
        assert commands.read(commands.written(command)) == command


def test_the_timeline_says_by_which_way(incident):
    promoted("dev1")
    texted(f"resolve {incident.pk}")

    assert last_event(incident, "status").data["via"] == "sms"
    assert last_event(incident, "status").data["how"] == "reply"


def test_a_repeated_message_moves_once_and_is_answered_alike(incident):
    promoted("dev1")
    first = texted(f"완화 {incident.pk}", sid="SM9")

    incident.refresh_from_db()
    services.resolve(incident, by=person("dev1"), at=clock.now())
    assert texted(f"완화 {incident.pk}", sid="SM9") == first
    assert state(incident) == "resolved"


def test_who_was_slower_sees_how_it_stands(incident, commander):
    promoted("dev1")
    services.resolve(incident, by=commander, at=clock.now())

    assert "해결" in typed(f"완화 {incident.pk}")
    assert state(incident) == "resolved"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", set()),
        ("responder", {"note", "mitigate"}),
        ("commander", {"note", "mitigate", "resolve"}),
        ("manager", {"note", "mitigate", "resolve"}),
    ],
)
@pytest.mark.parametrize("verb", ["note", "mitigate", "resolve"])
@pytest.mark.parametrize("way", [typed, texted])
def test_who_may_what_is_as_in_the_portal(incident, role, allowed, verb, way):
    promoted("dev1", role)
    before = kinds(incident)

    said = way(f"{verb} {incident.pk} 왔어요" if verb == "note" else f"{verb} {incident.pk}")

    assert (kinds(incident) != before) == (verb in allowed)
    assert ("역할" in said) == (verb not in allowed)


def test_a_number_that_was_never_proved_answers_pages_and_does_nothing_else(incident):
    promoted("dev1")
    ContactMethod.objects.filter(user=person("dev1")).update(verified_at=None)

    assert "인증" in texted(f"resolve {incident.pk}", sid="SM1")
    assert "인증" in texted(f"note {incident.pk} x", sid="SM2")
    assert state(incident) == "triggered"
    assert "확인했어요" in texted(f"ack {incident.pk}", sid="SM3")


def test_without_a_number_the_only_open_one_is_meant(incident):
    promoted("dev1")
    typed("완화")

    assert state(incident) == "mitigated"


def test_of_several_one_must_be_named(incident, declare):
    promoted("dev1")
    declare("P2", at=clock.now())

    assert "번호" in typed("resolve")
    assert state(incident) == "triggered"


def test_in_the_channel_of_an_incident_that_one_is_meant(incident, declare):
    promoted("dev1")
    declare("P2", at=clock.now())
    Assembly.objects.filter(incident=incident).delete()
    Assembly.objects.create(incident=incident, asked_at=clock.now(), channel="C0ROOM")

    assert f"#{incident.pk}" in typed("상태", place="C0ROOM")
    typed("해결", place="C0ROOM", trigger="2")
    assert state(incident) == "resolved"


@pytest.mark.parametrize("verb", ["resolve", "mitigate", "status", "note"])
def test_a_number_that_is_no_incident_is_said(incident, verb):
    promoted("dev1")

    assert "#999" in typed(f"{verb} 999 x" if verb == "note" else f"{verb} 999")
    assert state(incident) == "triggered"


def test_a_note_is_written_as_it_was_said(incident):
    said = typed(f"메모 {incident.pk} 노드를 &lt;바꿨어요&gt;")

    note = last_event(incident, "note")
    assert (note.data["text"], note.actor_user) == ("노드를 <바꿨어요>", person("dev1"))
    assert f"#{incident.pk}" in said


def test_a_note_that_begins_with_a_number_is_not_lost_in_one_that_is_over(incident, commander):
    services.resolve(incident, by=commander, at=clock.now())

    assert "메모 #" in typed(f"note {incident.pk} nodes are down")
    assert "note" not in kinds(incident)
    assert "남겼어요" in typed(f"note #{incident.pk} nodes were down", trigger="2")
    assert last_event(incident, "note").data["text"] == "nodes were down"


def test_how_it_stands_is_told_with_what_matters_next(incident):
    services.note(incident, "노드를\n다시 켰어요", by=person("dev2"), at=clock.now())
    later = texted("상태", sid="SM1").splitlines()

    assert later[0].startswith(f"P1 #{incident.pk} 출금 지연 · 발생")
    assert any("남음" in line for line in later)
    assert "장애 지휘자 없음" in later
    assert "마지막 메모: 노드를 다시 켰어요" in later
    assert later[-1] == f"{settings.BASE_URL}/incidents/{incident.pk}/"


def test_what_is_late_is_said(declare):
    declare("P1", at=clock.now() - timedelta(hours=1))

    assert "should have been answered" in typed("status", "dev2").lower()


def test_of_several_the_state_is_a_list(three):
    assert len(typed("상태").splitlines()) == 2


def test_who_is_on_call_is_told_with_who_is_next(seeded):
    lines = typed("who").splitlines()

    assert lines
    assert any("까지" in line and "다음" in line for line in lines)
    assert texted("당직") == typed("당직", trigger="2")


def test_a_viewer_asks_and_changes_nothing(incident):
    viewer(language="ko")

    assert f"#{incident.pk}" in typed("상태", user="U0VIEWER")
    assert "까지" in typed("당직", user="U0VIEWER", trigger="2")
    assert "역할" in typed(f"resolve {incident.pk}", user="U0VIEWER", trigger="3")
    assert state(incident) == "triggered"


def test_who_has_left_is_nobody(incident):
    User.objects.filter(username="dev1").update(is_active=False)

    assert slack_id("dev1") in typed("resolve", "dev1")
    assert state(incident) == "triggered"


@pytest.mark.parametrize("way", [typed, texted])
def test_help_names_every_command_in_the_readers_words(seeded, way):
    said = way("도움말")

    assert len(said.splitlines()) == 9
    for verb in (
        "확인 214",
        "못해요 214",
        "메모 214",
        "완화 214",
        "해결 214",
        "상태 214",
        "당직",
        "선언 P1",
    ):
        assert verb in said


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80).filter(lambda text: "\0" not in text))
def test_whatever_a_viewer_writes_changes_nothing(incident, text):
    viewer(language="ko") if not User.objects.filter(username="viewer").exists() else None
    before = kinds(incident)

    assert typed(text, user="U0VIEWER", trigger=text[:10])
    assert kinds(incident) == before
