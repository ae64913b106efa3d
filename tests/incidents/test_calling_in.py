"""Calling somebody in: a person, a team, whoever is on call; once, by their own rules, until they answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from core import clock
from core.errors import Refused
from incidents import services
from incidents.models import Incident
from incidents.narration import narrate
from incidents.services.asking import awaited
from notifications.links import answer_url
from notifications.models import Delivery, State
from notifications.queries import pages_about
from notifications.rendering import render
from teams.models import ContactMethod, Team, User
from teams.rotations import Layer, Rotation
from teams.rules import NotificationRule
from tests.incidents.conftest import after, kinds, last_event, pages, person, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def incident(declare, commander):
    """Somebody has answered; its commander wants one more."""
    opened = declare("P1")
    services.acknowledge(opened, by=person("dev1"), at=after(minutes=1))
    return opened


def call(incident, whom, *, by="senior-dev", minutes=5, **said):
    services.call_in(incident, whom, by=person(by), at=after(minutes=minutes), **said)


def called(incident):
    return pages(incident, step__startswith="call:")


def waiting(incident):
    found = awaited(Incident.objects.get(pk=incident.pk))
    return set(User.objects.filter(pk__in=found).values_list("username", flat=True))


def test_a_person_is_paged_though_somebody_has_answered(incident):
    call(incident, person("security-lead"), words=" 방화벽 규칙을 봐 주세요 ")

    assert {who for who, _channel in called(incident)} == {"security-lead"}
    assert waiting(incident) == {"security-lead"}
    told = narrate(last_event(incident, "called_in"))
    assert "박도윤" in told
    assert "“방화벽 규칙을 봐 주세요”" in told


def test_what_they_read_and_hear_says_who_calls_them_and_why(incident):
    call(incident, person("security-lead"), words="방화벽을 봐 주세요")

    message = render(Delivery.objects.about(incident.topic).filter(step__startswith="call:")[0])
    for form in (message.text, message.html, message.short, message.spoken):
        assert "김하늘" in form
        assert "방화벽을 봐 주세요" in form


def test_a_team_is_paged_but_for_those_who_are_in_it_or_have_a_page_to_answer(incident):
    call(incident, person("dev2"), minutes=3)
    call(incident, Team.objects.get(slug="p1"))

    last = last_event(incident, "called_in")
    assert {each["name"] for each in last.data["people"]} == {"최민재", "강시우"}
    assert "P1 대응팀" in narrate(last)
    with translation.override("en"):
        assert "P1 response team" in narrate(last)


def test_whoever_is_on_call_is_paged(incident):
    call(incident, Rotation.objects.get(slug="second"))

    assert len({who for who, _channel in called(incident)}) == 1


def test_nobody_is_paged_twice_while_they_have_a_page_to_answer(incident):
    call(incident, person("security-lead"))

    with pytest.raises(Refused, match="박도윤"):
        call(incident, person("security-lead"), minutes=6)

    assert len(called(incident)) == Delivery.objects.filter(step__startswith="call:").count()


def test_asked_again_on_purpose_they_are(incident):
    call(incident, person("security-lead"))
    call(incident, person("security-lead"), minutes=6, again=True)

    assert kinds(incident).count("called_in") == 2
    assert Delivery.objects.filter(step__startswith="call:", state=State.PENDING).count() == len(
        called(incident)
    )  # what had not gone out yet is replaced, not said twice


def test_whoever_could_not_be_reached_can_be_called_once_more(incident):
    call(incident, person("security-lead"))
    Delivery.objects.filter(step__startswith="call:").update(state=State.FAILED)

    call(incident, person("security-lead"), minutes=6)

    assert kinds(incident).count("called_in") == 2


def test_a_page_of_the_policy_counts_while_nobody_has_answered(declare, commander):
    opened = declare("P1")

    with pytest.raises(Refused, match="윤서아"):
        call(opened, person("dev1"))
    call(opened, person("security-lead"))

    assert waiting(opened) >= {"dev1", "security-lead"}


def test_their_own_rules_say_by_which_way_and_when(incident):
    lead = person("security-lead")
    for channel, minutes in (("slack", 0), ("voice", 2)):
        NotificationRule.objects.create(user=lead, grave=True, channel=channel, minutes=minutes)
    call(incident, lead)

    due = dict(Delivery.objects.filter(step__startswith="call:").values_list("channel", "due_at"))
    assert due["slack"] == after(minutes=5)
    assert due["voice"] == after(minutes=7)


@pytest.mark.parametrize("broken", ["gone", "no address", "viewer"])
def test_a_person_who_cannot_be_paged_is_said(incident, broken):
    lead = person("security-lead")
    if broken == "gone":
        User.objects.filter(pk=lead.pk).update(is_active=False)
    if broken == "no address":
        ContactMethod.objects.filter(user=lead).delete()
    if broken == "viewer":
        User.objects.filter(pk=lead.pk).update(role="viewer")
        call(incident, person("security-lead"))  # whoever was paged may answer, whatever their role
        return
    with pytest.raises(Refused, match="박도윤"):
        call(incident, person("security-lead"))
    assert "called_in" not in kinds(incident)


def test_a_rotation_without_anybody_and_a_team_without_people_are_said(incident):
    Layer.objects.all().delete()
    team = Team.objects.create(slug="dba", name_ko="DBA", name_en="DBA")

    with pytest.raises(Refused, match="2차 당직"):
        call(incident, Rotation.objects.get(slug="second"))
    with pytest.raises(Refused, match="DBA"):
        call(incident, team)


def test_only_whoever_commands_calls_in(incident):
    call(incident, person("security-lead"), by="dev1")  # who answered first, and so commands it
    with pytest.raises(Refused):
        call(incident, person("devops-lead"), by="dev2")


def test_of_what_is_over_nobody_is_called(incident, commander):
    services.resolve(incident, by=commander, at=after(minutes=2))

    with pytest.raises(Refused):
        call(incident, person("security-lead"))


def test_their_answer_is_that_they_come_and_the_others_stay_as_they_are(incident):
    call(incident, person("security-lead"))
    services.acknowledge(
        Incident.objects.get(pk=incident.pk), by=person("security-lead"), at=after(minutes=8),
        via="email",
    )  # fmt: skip

    found = Incident.objects.get(pk=incident.pk)
    assert (found.status, found.acknowledged_by) == ("acknowledged", person("dev1"))
    assert kinds(found)[-1] == "joined"
    assert "이메일" in narrate(last_event(found, "joined"))
    assert not waiting(found)
    assert not Delivery.objects.about(found.topic).undone().exists()
    member = next(
        each
        for each in services.attendance_of(found, pages_about(found.topic)).members
        if each.person == person("security-lead").pk
    )
    assert member.took == timedelta(minutes=3)


def test_who_answers_without_having_been_called_is_still_too_late(incident):
    with pytest.raises(services.AlreadyMoved):
        services.acknowledge(
            Incident.objects.get(pk=incident.pk), by=person("dev2"), at=after(minutes=8)
        )


def test_joining_in_the_room_ends_the_call_too(incident):
    call(incident, person("security-lead"))
    services.join(incident, by=person("security-lead"), at=after(minutes=8))

    assert not waiting(incident)
    assert not Delivery.objects.about(incident.topic).undone().exists()


def test_a_call_goes_on_when_somebody_else_answers_and_ends_with_the_incident(declare, commander):
    opened = declare("P1")
    call(opened, person("security-lead"))
    undone = Delivery.objects.about(opened.topic).undone()

    services.acknowledge(Incident.objects.get(pk=opened.pk), by=person("dev1"), at=after(minutes=6))
    assert set(undone.values_list("recipient__username", flat=True)) == {"security-lead"}

    services.resolve(Incident.objects.get(pk=opened.pk), by=commander, at=after(minutes=7))
    assert not undone.exists()


def test_the_link_in_the_page_lets_them_come(declare):
    opened = declare("P1", at=clock.now())
    services.acknowledge(opened, by=person("dev1"), at=clock.now())
    services.call_in(
        opened, person("dev2"), by=person("senior-dev"), at=clock.now(), words="see <b> & more"
    )
    page = Delivery.objects.get(step__startswith="call:", channel="email")
    address = "/p/" + answer_url(page).partition("/p/")[2]

    shown = Client().get(address).content.decode()
    assert "김하늘 calls you in." in shown
    assert "see &lt;b&gt; &amp; more" in shown
    assert "I am joining" in shown
    Client().post(address)

    assert kinds(opened)[-1] == "joined"
    assert last_event(opened, "joined").actor_user == person("dev2")


def test_the_page_to_call_in_finds_people_teams_and_who_is_on_call(incident, browser):
    path = f"/incidents/{incident.number}/call/"

    everybody = browser.get(path).content.decode()
    for name in ("1차 당직", "P0 대응팀", "박도윤"):
        assert name in everybody
    found = browser.get(f"{path}?q=박도").content.decode()
    assert "박도윤" in found
    assert "P0 대응팀" not in found

    key = f"person:{person('security-lead').pk}"
    answer = browser.post(path, {"whom": key, "words": "방화벽"})
    assert answer.status_code == 302
    again = browser.post(path, {"whom": key, "words": "방화벽"})
    assert again.status_code == 422
    assert "박도윤" in again.content.decode()
    assert f'value="again:{key}"' in again.content.decode()
    assert browser.post(path, {"whom": f"again:{key}"}).status_code == 302
    assert kinds(incident).count("called_in") == 2
    for nonsense in ("person:", "person:0", "x", "person:²", f"team:{'9' * 30}", ""):
        assert browser.post(path, {"whom": nonsense}).status_code == 422


def test_programs_call_in_once_with_a_key(incident, api):
    body = {"person": "security-lead", "words": "방화벽"}
    path = f"/api/v1/incidents/{incident.number}/calls/"
    headers = {"idempotency-key": "k1"}

    first = api.post(path, body, content_type="application/json", headers=headers)
    second = api.post(path, body, content_type="application/json", headers=headers)

    assert first.status_code == second.status_code == 201
    assert [each["username"] for each in first.json()] == ["security-lead"]
    assert kinds(incident).count("called_in") == 1
    assert post(api, f"{incident.number}/calls/", **body).status_code == 409
    assert post(api, f"{incident.number}/calls/", **body, again=True).status_code == 201
    assert api.get(path).json()[0]["username"] == "security-lead"


@pytest.mark.parametrize(
    "body",
    [{}, {"person": "nobody"}, {"team": "p1", "rotation": "first"}, {"rotation": "x"}],
)
def test_programs_name_exactly_one_that_is_there(incident, api, body):
    assert post(api, f"{incident.number}/calls/", **body).status_code == 400
