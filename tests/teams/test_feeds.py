from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from icalendar import Calendar

from core import clock
from teams import feeds, services
from teams.models import Team, User
from teams.rotations import Rotation
from tests.teams.conftest import person, seoul

pytestmark = pytest.mark.django_db

NOON = seoul("2026-11-25T12:00")


def path(user, place=0):
    return feeds.addresses(user)[place].url.partition("8000")[2]


def entries(user, rotation=None, at=NOON):
    body = feeds.calendar(feeds.Feed(user, rotation and rotation.pk), at=at)
    return list(Calendar.from_ical(body).walk("VEVENT"))


def team_entries(rotation, at=NOON):
    feed = feeds.Feed(person("dev1"), team=rotation.team_id)
    return list(Calendar.from_ical(feeds.calendar(feed, at=at)).walk("VEVENT"))


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


def test_a_teams_calendar_holds_the_turns_of_all_its_rotations_by_name_and_of_no_other(
    rotation, make_rotation
):
    nights = make_rotation("nights", "tech-lead", "dev1", team=rotation.team.slug)
    other = Team.objects.exclude(pk=rotation.team_id).first()
    make_rotation("elsewhere", "devops", team=other.slug)
    turns = team_entries(rotation)

    ours = Rotation.objects.filter(team=rotation.team)
    all_ours = [event for row in ours for event in entries(person("dev1"), row)]
    assert [str(event["uid"]) for event in turns] == [str(event["uid"]) for event in all_ours]
    assert len({str(event["uid"]) for event in turns}) == len(turns)
    assert {str(event["summary"]) for event in turns} >= {"1차 당직: 윤서아", f"{nights}: 윤서아"}


def test_a_teams_calendar_says_whose_it_is_and_is_empty_without_rotations(rotation):
    feed = feeds.Feed(person("dev1"), team=rotation.team_id)
    calendar = Calendar.from_ical(feeds.calendar(feed, at=NOON))
    assert str(calendar["x-wr-calname"]) == f"{rotation.team.name_ko} 전체 당직"

    Rotation.objects.all().delete()
    assert team_entries(rotation) == []


def test_a_team_has_one_address_however_many_rotations_and_it_dies_with_the_others(
    rotation, make_rotation
):
    Rotation.objects.exclude(pk=rotation.pk).delete()
    make_rotation("nights", "dev2", team=rotation.team.slug)
    user = person("dev1")
    with translation.override("ko"):
        names = [row.name for row in feeds.addresses(user)]
    assert names == ["내 당직", f"{rotation.team.name_ko} 전체 당직", "1차 당직", "nights"]

    old = path(user, 1)
    turns = Client().get(old).content.count(b"BEGIN:VEVENT")
    assert turns == len(team_entries(rotation, at=clock.now()))
    services.new_calendar_address(user)
    user.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(path(user, 1)).status_code == 200


def test_the_address_of_a_rotation_that_was_given_out_before_teams_had_theirs_still_works(rotation):
    user = person("dev1")
    token = signing.Signer(salt="on-call calendar", sep="~").sign(
        f"{user.pk}-{user.calendar_generation}-{rotation.pk}"
    )

    assert feeds.feed_behind(token) == feeds.Feed(user, rotation=rotation.pk)


@pytest.mark.parametrize("what", ["team", "teamx", "", "7-7", "일차"])
def test_a_signed_address_of_no_known_kind_is_nothing(rotation, what):
    user = person("dev1")
    token = signing.Signer(salt="on-call calendar", sep="~").sign(
        f"{user.pk}-{user.calendar_generation}-{what}"
    )

    assert feeds.feed_behind(token) is None


def test_a_teams_calendar_takes_the_same_queries_for_many_rotations(rotation, make_rotation):
    for number in range(4):
        make_rotation(f"more-{number}", "dev1", "dev2", team=rotation.team.slug)
    feed = feeds.Feed(person("dev1"), team=rotation.team_id)

    with CaptureQueriesContext(connection) as asked:
        feeds.calendar(feed, at=NOON)
    assert len(asked) <= 9


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
