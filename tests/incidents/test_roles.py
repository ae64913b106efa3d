"""Who does what: taken with one tap, handed over on purpose, missing where the severity asks for it."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.errors import Refused
from incidents import services
from incidents.domain.roles import Role, may_give, missing
from incidents.models import Incident, RoleHeld
from incidents.screens.room.roles import near, seats
from incidents.screens.room.viewer import Standing
from incidents.services.asking import Answers
from incidents.services.joining import attendance_of
from incidents.services.policies import read_book
from notifications.models import Delivery, Lane
from notifications.queries import pages_about
from notifications.rendering import render
from tests.incidents.conftest import after, kinds, last_event, person, post
from tests.race import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("to_self", "holds_it", "commands", "may"),
    [
        (True, False, False, True),
        (False, True, False, True),
        (False, False, True, True),
        (False, False, False, False),
    ],
)
def test_who_may_give_a_role(to_self, holds_it, commands, may):
    assert may_give(to_self=to_self, holds_it=holds_it, commands=commands) is may


def test_what_is_missing_comes_in_the_order_of_the_roles():
    assert missing(["scribe", "commander"], {"deputy"}) == [Role.COMMANDER, Role.SCRIBE]
    assert missing(["scribe"], {"scribe"}) == []


def give(incident, role, to, *, by=None, minutes=5, **seen):
    by = person(by or to)
    services.give_role(
        incident, Role(role), to=person(to), by=by, at=after(minutes=minutes), **seen
    )


def holders(incident, role):
    rows = incident.roles.now().filter(role=role)
    return set(rows.values_list("user__username", flat=True))


def notices(incident):
    return {
        (row.recipient.username, render(row).subject)
        for row in Delivery.objects.about(incident.topic).filter(lane=Lane.NOTICE)
    }


def test_whoever_answers_first_leads(declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    assert Incident.objects.get().commander == person("dev1")


def test_an_answer_relieves_nobody_who_leads_already(declare):
    incident = declare("P1")
    give(incident, "commander", "tech-lead")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=6))

    assert holders(incident, "commander") == {"tech-lead"}


def test_a_responder_takes_a_role_and_the_timeline_says_so(declare):
    incident = declare("P1")
    give(incident, "scribe", "dev1")

    assert holders(incident, "scribe") == {"dev1"}
    assert last_event(incident, "role_given").data == {
        "role": "scribe", "name": "윤서아", "before": "", "taken": True,
    }  # fmt: skip


def test_taking_what_one_has_changes_nothing(declare):
    incident = declare("P1")
    give(incident, "scribe", "dev1")
    give(incident, "scribe", "dev1", minutes=9)

    assert kinds(incident).count("role_given") == 1


def test_taking_over_relieves_and_tells_the_one_before(declare):
    incident = declare("P1")
    give(incident, "commander", "dev1")
    give(incident, "commander", "dev2", minutes=20)

    before = incident.roles.get(user=person("dev1"))
    assert (before.since, before.until) == (after(minutes=5), after(minutes=20))
    assert holders(incident, "commander") == {"dev2"}
    said = f"#{incident.number} Daniel Reyes 님이 이어받았어요: 장애 지휘자 · 출금 지연"
    assert notices(incident) == {("dev1", said)}


def test_whoever_was_not_paged_is_told_quietly_of_their_role(declare):
    incident = declare("P1")
    give(incident, "scribe", "senior-dev", by="commander")
    give(incident, "communications", "dev1", by="commander")  # who was paged, and is in the room

    said = f"#{incident.number} 맡은 역할: 기록 담당 · 출금 지연"
    assert notices(incident) == {("senior-dev", said)}


def test_experts_join_and_relieve_nobody(declare):
    incident = declare("P1")
    give(incident, "expert", "dev1")
    give(incident, "expert", "dev2")

    assert holders(incident, "expert") == {"dev1", "dev2"}


def test_a_responder_gives_a_role_to_nobody_else(declare):
    incident = declare("P1")

    with pytest.raises(Refused):
        give(incident, "scribe", "dev2", by="dev1")
    assert holders(incident, "scribe") == set()


def test_whoever_leads_or_holds_it_may_give_it_whatever_their_rank(declare):
    incident = declare("P1")
    give(incident, "commander", "dev1")
    give(incident, "scribe", "dev2", by="dev1")
    give(incident, "scribe", "devops", by="dev2")

    assert holders(incident, "scribe") == {"devops"}


@pytest.mark.parametrize("unfit", [{"role": "viewer"}, {"is_active": False}])
def test_whoever_may_not_respond_gets_no_role(declare, unfit):
    incident = declare("P1")
    type(person("dev1")).objects.filter(username="dev1").update(**unfit)

    with pytest.raises(Refused):
        give(incident, "scribe", "dev1", by="commander")


def test_who_took_the_role_meanwhile_is_not_relieved_unawares(declare):
    incident = declare("P1")
    give(incident, "commander", "dev1")

    with pytest.raises(Refused, match="윤서아"):
        give(incident, "commander", "dev2", seen=[])
    assert holders(incident, "commander") == {"dev1"}


def test_a_role_is_left_and_missed_again(declare):
    incident = declare("P1")
    give(incident, "communications", "dev1")
    services.leave_role(incident, Role.COMMUNICATIONS, by=person("dev1"), at=after(minutes=9))
    services.leave_role(incident, Role.COMMUNICATIONS, by=person("dev1"), at=after(minutes=9))

    assert holders(incident, "communications") == set()
    assert kinds(incident).count("role_left") == 1


def test_after_the_end_roles_stay_as_they_were(declare, commander):
    incident = declare("P1")
    services.resolve(incident, by=commander, at=after(minutes=9))

    with pytest.raises(Refused):
        give(incident, "scribe", "dev1", minutes=10)


def test_the_database_refuses_a_second_commander(declare):
    incident = declare("P1")
    give(incident, "commander", "dev1")

    with pytest.raises(IntegrityError, match="one_holder_a_role"), transaction.atomic():
        incident.roles.create(role="commander", user=person("dev2"), since=after())


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_take_command_at_once_one_has_it(declare, commander):
    incident = declare("P1")
    takers = ["dev1", "dev2", "devops", "tech-lead", "senior-dev"]

    def take(name):
        try:
            give(incident, "commander", name, seen=[])
        except Refused:
            return

    at_once(*[lambda name=name: take(name) for name in takers * 2])
    assert len(holders(incident, "commander")) == 1
    assert RoleHeld.objects.count() == 1
    assert kinds(incident).count("role_given") == 1


def lacking(incident, severity, user):
    policy = read_book(at=after())[severity]
    viewer = Standing.of(incident, Answers.to(incident)).viewer(user)
    return [seat.role for seat in seats(incident, policy, viewer) if seat.missing]


def test_what_the_severity_asks_for_and_nobody_holds_is_missing(declare, commander):
    incident = declare("P0")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    incident = Incident.objects.get()

    assert lacking(incident, "P0", commander) == ["deputy", "scribe", "communications"]
    assert lacking(incident, "P1", commander) == ["communications"]
    assert lacking(incident, "P3", commander) == []


def browser(username):
    client = Client()
    client.force_login(person(username))
    return client


def test_the_room_says_what_is_missing_until_somebody_takes_it(declare):
    incident = declare("P1")
    client, room = browser("dev1"), incident.get_absolute_url()
    assert client.get(room).content.decode().count("필수 · 아직 없음") == 2

    body = {"to": person("dev1").pk, "seen": ""}
    client.post(f"{room}roles/communications/", body)
    shown = client.get(room).content.decode()
    assert shown.count("필수 · 아직 없음") == 1
    assert "역할을 맡았어요: 소통 담당" in shown


def test_the_page_says_beforehand_whom_it_relieves(declare):
    incident = declare("P1")
    give(incident, "commander", "dev1")
    shown = browser("dev2").get(f"{incident.get_absolute_url()}roles/commander/").content.decode()

    assert "윤서아 has it now, is relieved at once and told so." in shown
    assert shown.count('name="to"') == 1  # oneself: a responder gives it to nobody else


def test_a_tap_in_the_room_takes_a_role_and_another_hands_it_over(declare, commander):
    incident = declare("P0")
    services.join(incident, by=person("dev2"), at=after(minutes=1))
    room, client = incident.get_absolute_url(), browser("commander")

    client.post(f"{room}roles/scribe/?seen=", {"to": "me"})
    shown = client.get(room).content.decode()
    chip = f'id="give-scribe-{person("dev2").pk}"[^>]*'
    button = re.search(chip, shown)[0]
    target = re.search('formaction="([^"]*)"', button)[1]
    client.post(target, {"to": re.search('value="([^"]*)"', button)[1]})

    assert [held.user for held in Incident.objects.get().roles_now] == [person("dev2")]
    pressed = re.search(chip, client.get(room).content.decode())[0]
    assert 'aria-pressed="true"' in pressed


def test_who_tapped_too_late_relieves_nobody_and_is_told(declare, commander):
    incident = declare("P1")
    room, client = incident.get_absolute_url(), browser("commander")
    give(incident, "scribe", "dev1")

    answer = client.post(f"{room}roles/scribe/?seen=", {"to": person("dev2").pk}, follow=True)
    by_htmx = client.post(
        f"{room}roles/scribe/?seen=", {"to": person("dev2").pk},
        headers={"hx-request": "true", "hx-current-url": f"http://testserver{room}"},
    )  # fmt: skip

    assert 'class="message warning"' in answer.content.decode()
    assert (
        by_htmx["HX-Refresh"] == "true"
    )  # the address is the same, so a redirect would show nothing
    assert RoleHeld.objects.now().get().user == person("dev1")


def test_a_responder_has_nobody_to_hand_others_roles_to(declare):
    incident = declare("P1")
    give(incident, "scribe", "dev1")

    assert (
        'id="give-scribe' not in browser("dev2").get(incident.get_absolute_url()).content.decode()
    )
    assert 'id="give-scribe' in browser("dev1").get(incident.get_absolute_url()).content.decode()


def test_those_at_hand_keep_their_places_while_more_come(declare):
    incident = declare("P0")

    def names():
        attended = attendance_of(incident, pages_about(incident.topic))
        return [(each.name, each.here) for each in near(Incident.objects.get(), attended)]

    before = names()
    services.join(incident, by=person("dev2"), at=after(minutes=1))
    services.join(incident, by=person("cto"), at=after(minutes=2))

    assert [name for name, _ in names()][: len(before)] == [name for name, _ in before]
    assert {name for name, here in names() if here} >= {person("dev2").name}


def test_somebody_else_is_found_by_a_part_of_the_name(declare, commander):
    page = f"{declare('P1').get_absolute_url()}roles/scribe/"
    found = browser("commander").get(page, {"q": person("dev1").name[1:]}).context["form"].people

    assert person("dev1") in found
    assert len(found) < len(browser("commander").get(page).context["form"].people)


@pytest.mark.parametrize(
    "body", [{"to": "999999"}, {"to": "x"}, {}, {"to": "", "seen": "1"}, {"seen": "a,b"}]
)
def test_a_choice_that_is_none_is_shown_again(declare, commander, body):
    incident = declare("P1")

    answer = browser("commander").post(f"{incident.get_absolute_url()}roles/scribe/", body)
    assert answer.status_code == 422
    assert not RoleHeld.objects.exists()


def test_a_role_nobody_knows_is_not_there(declare):
    room = declare("P1").get_absolute_url()

    assert browser("dev1").get(f"{room}roles/king/").status_code == 404
    assert browser("dev1").post(f"{room}roles/king/leave/").status_code == 404


def test_the_api_takes_gives_and_tells(declare, api):
    incident = declare("P1")
    path = f"{incident.number}/roles/"

    assert post(api, path, role="scribe", username="dev1").json()[0]["name"] == "윤서아"
    assert post(api, path, role="commander").status_code == 200
    assert post(api, path, role="king").status_code == 400
    assert post(api, path, role="scribe", username="nobody").status_code == 400
    found = api.get(f"/api/v1/incidents/{path}").json()["results"]
    assert [(row["role"], row["username"]) for row in found] == [
        ("scribe", "dev1"), ("commander", "commander"),
    ]  # fmt: skip
    assert api.get(f"/api/v1/incidents/{incident.number}/").json()["commander"] == "봉수 지휘자"
