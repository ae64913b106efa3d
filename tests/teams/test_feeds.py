from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from teams import feeds, services
from teams.models import User
from tests.teams.conftest import person, seoul

pytestmark = pytest.mark.django_db

NOON = seoul("2026-11-25T12:00")


def path(user, place=0):
    return feeds.addresses(user)[place].url.partition("8000")[2]


def entries(user, rotation=None, at=NOON):
    body = feeds.calendar(feeds.Feed(user, rotation and rotation.pk), at=at)
    return list(Calendar.from_ical(body).walk("VEVENT"))


def test_ones_own_calendar_holds_ones_own_turns_with_their_ends(rotation):
    mine = entries(person("dev1"))

    assert {str(event["summary"]) for event in mine} == {"1차 당직: 윤서아"}
    assert seoul("2026-12-07T09:00") in {event["dtstart"].dt for event in mine}
    assert all(event["dtend"].dt - event["dtstart"].dt == timedelta(weeks=1) for event in mine[1:])


def test_a_rotations_calendar_holds_everybodys_turns_without_a_gap(rotation):
    turns = entries(person("dev1"), rotation)

    assert len({str(event["summary"]) for event in turns}) == 3
    ends, starts = [e["dtend"].dt for e in turns], [e["dtstart"].dt for e in turns]
    assert ends[:-1] == starts[1:]


def test_the_bytes_stay_the_same_while_nothing_changes(rotation):
    feed = feeds.Feed(person("dev1"), rotation.pk)

    assert feeds.calendar(feed, at=NOON) == feeds.calendar(feed, at=NOON + timedelta(days=1))


def test_a_calendar_program_reads_it_without_signing_in_and_learns_when_nothing_is_new(rotation):
    client, address = Client(), path(person("dev1"))
    first = client.get(address)

    assert first.status_code == 200
    assert first["Content-Type"].startswith("text/calendar")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_a_new_address_makes_the_old_one_dead(rotation):
    user = person("dev1")
    old = path(user)
    services.new_calendar_address(user)
    user.refresh_from_db()

    assert Client().get(old).status_code == 404
    assert Client().get(path(user)).status_code == 200


def test_an_address_dies_with_its_owners_account_and_cannot_be_guessed(rotation):
    address = path(person("dev1"))
    assert Client().get(address.replace("1-", "2-", 1)).status_code == 404

    User.objects.filter(username="dev1").update(is_active=False)
    assert Client().get(address).status_code == 404
