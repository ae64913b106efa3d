"""Who else is looking at the room, without waking anybody's poll."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.domain.presence import initials
from incidents.models import Incident, Presence
from incidents.screens.room.presence import presence
from teams.models import User
from tests.incidents.conftest import after, person
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db


def looking(incident, **span):
    return [face.name for face in presence(incident, at=after(**span)).faces]


@pytest.mark.parametrize(
    ("name", "known_as"),
    [("김하늘", "하늘"), ("이", "이"), ("Daniel Reyes", "DR"), ("cto", "CT"), ("남궁 민수", "민수"), ("봉수 지휘자", "지휘"), ("", "?")],
)  # fmt: skip
def test_colleagues_know_each_other_by_two_letters(name, known_as):
    assert initials(name) == known_as


def test_whoever_looks_is_seen_until_they_stop(declare):
    incident, who = declare("P1"), person("dev1")
    services.look(incident, by=who, at=after(seconds=0))
    services.look(incident, by=who, at=after(seconds=20))

    assert looking(incident, seconds=64) == [who.name]
    assert looking(incident, seconds=66) == []


def test_a_hurried_tab_writes_no_more_often(declare):
    incident, who = declare("P1"), person("dev1")
    for seconds in range(15):
        services.look(incident, by=who, at=after(seconds=seconds))

    assert Presence.objects.get().seen_at == after(seconds=0)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_open_at_once_are_one_person(declare):
    incident, who = declare("P1"), person("dev1")

    outcomes = at_once(*[lambda: services.look(incident, by=who, at=after())] * 4)

    assert raised(outcomes) == []
    assert Presence.objects.count() == 1


def test_two_hundred_who_look_leave_each_others_polls_unanswered(declare, commander):
    incident = declare("P1")
    version = Incident.objects.get(pk=incident.pk).version
    for n in range(200):
        who = User.objects.create(username=f"u{n}", display_name=f"u {n}", role="viewer")
        services.look(incident, by=who, at=after())
    browser = Client()
    browser.force_login(commander)

    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(f"/incidents/{incident.number}/live/?v={version}")

    assert answer.status_code == 204
    assert len(queries) <= 4
    shown = presence(incident, at=after(seconds=1))
    assert (len(shown.faces), shown.more) == (8, 192)


def test_the_room_says_that_it_is_looked_at_and_is_told_who_else_does(declare, commander, now):
    incident = declare("P1", at=now)
    services.look(incident, by=person("dev1"), at=now)
    browser = Client()
    browser.force_login(commander)

    said = browser.post(f"/incidents/{incident.number}/presence/").content.decode()

    assert person("dev1").name in said
    assert commander.name in said
    assert "load, every 20s" in browser.get(f"/incidents/{incident.number}/").content.decode()


def test_what_is_long_past_goes(declare):
    incident = declare("P1")
    services.look(incident, by=person("dev1"), at=after(hours=0))
    services.look(incident, by=person("dev2"), at=after(hours=25))

    assert [row.user for row in Presence.objects.all()] == [person("dev2")]
