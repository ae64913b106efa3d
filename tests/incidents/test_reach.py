"""Holes: the pure rule, what is found in the tables, and the two pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents.domain.escalation import Plan, Step
from incidents.domain.reach import Called, Hole, Kind, Ladder, holes, twice
from incidents.models import EscalationPolicy, EscalationStep, SeverityPolicy
from incidents.narration_reach import SAID
from incidents.services import tell_of_holes
from incidents.services.publishing import publish
from incidents.services.reachability import find_holes
from notifications.models import Delivery
from notifications.rendering import render
from teams.models import ContactMethod, Service, Team, User
from teams.rotations import Layer, LayerMember, LayerWindow, Override, Rotation
from teams.rules import NotificationRule
from tests.incidents.conftest import START, person

MINUTE = timedelta(minutes=1)
ALL = frozenset({"sms", "email"})


def kinds(steps, *, waits=(5, 5, 5), answers=1, respond=30, severity="P1", team=False):
    plan = Plan(
        tuple(
            Step(wait * MINUTE, severity_team=team)
            for _step, wait in zip(steps, waits, strict=False)
        ),
        answers=answers,
    )
    found = holes(Ladder(plan, ["sms"], respond * MINUTE, severity, policy=7), steps)
    return [(hole.kind.value, hole.step or hole.subject) for hole in found]


def one(number, channels=ALL, may_answer=True, proved=None, wished=()):
    ways = frozenset(channels)
    return Called(
        number, ways, may_answer, ways if proved is None else frozenset(proved), frozenset(wished)
    )


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([[one(1)], [one(2)]], []),
        ([[]], [("nobody", 1)]),
        ([[one(1)], []], [("empty_step", 2)]),
        ([[one(1), one(2)], [one(2)]], [("nobody_new", 2)]),
        ([[one(1, {"email"})]], [("no_way", 1)]),
        ([[one(1, set())]], [("nobody", 1), ("no_way", 1)]),
        ([[one(1, may_answer=False)]], [("may_not", 1)]),
        ([[one(1, proved={"email"})]], [("unproved_phone", 1)]),
        ([[one(1, proved=())]], [("unproved", 1)]),
        ([[one(1, {"email"}, proved=())]], [("no_way", 1)]),
        ([[one(1, wished={"sms"})]], []),
        ([[one(1, wished={"sms", "voice"})]], [("lost_rule", 1)]),
    ],
)
def test_what_is_a_hole(steps, found):
    assert kinds(steps) == found


def test_a_step_after_the_time_to_respond_is_never_reached():
    assert kinds([[one(1)], [one(2)], [one(3)]], waits=(20, 10, 5)) == [("never_reached", 3)]


def test_more_answers_than_people_never_come():
    assert kinds([[one(1)]], answers=2) == [("too_few", 0)]


def test_a_policy_that_no_severity_uses_is_not_blamed_for_the_team_it_does_not_know():
    alone = {"severity": "", "answers": 2}

    assert kinds([[], [one(1)]], team=True, **alone) == []
    assert kinds([[], [one(1, ())]], **alone) == [
        ("nobody", 1), ("empty_step", 2), ("no_way", 1),
    ]  # fmt: skip


def test_two_turns_of_one_person_are_twice_only_while_they_overlap():
    day = [START + n * timedelta(days=1) for n in range(5)]
    mine = [(1, (day[0], day[1])), (1, (day[1], day[2])), (2, (day[2], day[4]))]

    assert twice(mine, [(1, (day[0], day[3])), (2, (day[3], day[4]))]) == {
        1: [(day[0], day[2])],
        2: [(day[3], day[4])],
    }
    assert twice(mine, [(1, (day[2], day[4]))]) == {}


@pytest.fixture
def sound(seeded):
    """The seeds, without the one hole the manual leaves: the P2 lead is their own contact."""
    Team.objects.filter(slug="p2").update(escalation=person("cto"))


def found():
    return {(hole.kind, hole.subject) for hole in find_holes(at=clock.now())}


@pytest.mark.django_db
def test_sound_tables_have_no_hole(sound):
    assert found() == set()


@pytest.mark.django_db
def test_the_seeds_contact_of_their_own_team_is_found(seeded):
    assert found() == {(Kind.OWN_CONTACT, Team.objects.get(slug="p2").pk)}


@pytest.mark.django_db
def test_somebody_without_an_address_is_found_once(sound):
    ContactMethod.objects.filter(user=person("dev2")).delete()

    assert found() == {(Kind.NO_WAY, person("dev2").pk)}


@pytest.mark.django_db
def test_somebody_who_proved_no_address_is_found_with_the_gravest_severity(sound):
    ContactMethod.objects.filter(user=person("dev2")).update(verified_at=None)

    assert [(hole.kind, hole.subject, hole.grave) for hole in find_holes(at=clock.now())] == [
        (Kind.UNPROVED, person("dev2").pk, True)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_a_number_that_was_never_proved_is_found_though_other_ways_are(sound, channel):
    SeverityPolicy.objects.update(channels=["voice", "sms", "slack"])
    ContactMethod.objects.update_or_create(
        user=person("dev2"), channel=channel, defaults={"verified_at": None, "address": "+8210"}
    )

    assert [(hole.kind, hole.subject, hole.grave) for hole in find_holes(at=clock.now())] == [
        (Kind.UNPROVED_PHONE, person("dev2").pk, False)
    ]


@pytest.mark.django_db
def test_a_rule_for_a_way_that_was_removed_is_found(sound):
    NotificationRule.objects.create(user=person("dev2"), grave=True, channel="sms", minutes=0)
    ContactMethod.objects.filter(user=person("dev2"), channel="sms").delete()

    assert found() == {(Kind.LOST_RULE, person("dev2").pk)}


@pytest.mark.django_db
def test_who_left_leaves_a_gap_and_a_place_in_the_rotation(sound):
    User.objects.filter(username__in=["dev1", "dev2", "devops"]).update(is_active=False)
    first = Rotation.objects.get(slug="first").pk

    assert {(Kind.GAP, first), (Kind.LEFT, first)} <= found()


DAY = timedelta(days=1)
MONDAY = START - timedelta(hours=3)  # when the turns of the seeds change: 09:00 in Seoul


def alone_in_turn(*names, unit="weeks", slug="first"):
    """The rotation anew: from the Monday on, these people in turn."""
    layer = Layer.objects.get(rotation__slug=slug)
    Layer.objects.filter(pk=layer.pk).update(first_day=MONDAY.date(), every=1, unit=unit)
    layer.members.all().delete()
    for place, name in enumerate(names):
        LayerMember.objects.create(layer=layer, place=place, user=person(name))


def ahead(*kinds):
    holes = find_holes(at=START)
    return [(h.kind, h.subject, h.begins) for h in holes if not kinds or h.kind in kinds]


def newcomer(name="new", **said):
    return User.objects.create(username=name, role="responder", **said)


@pytest.mark.django_db
def test_whoever_is_on_call_next_week_is_looked_at_today(sound):
    new = newcomer()
    alone_in_turn("dev1", "new")

    assert ahead() == [(Kind.NO_WAY, new.pk, MONDAY + 7 * DAY)]


@pytest.mark.django_db
def test_a_turn_after_two_weeks_is_not_yet_a_hole(sound):
    newcomer()
    alone_in_turn("dev1", "dev2", "devops", "new")

    assert ahead() == []


@pytest.mark.django_db
def test_a_rotation_to_which_no_severity_leads_is_looked_at_by_itself(sound):
    new = newcomer()
    User.objects.filter(pk=new.pk).update(role="viewer")
    team = Team.objects.create(slug="apart", name_ko="a", name_en="a")
    Rotation.objects.filter(slug="second").update(team=team)
    alone_in_turn("senior-dev", "new", slug="second")

    assert ahead() == [
        (Kind.NO_WAY, new.pk, MONDAY + 7 * DAY), (Kind.MAY_NOT, new.pk, MONDAY + 7 * DAY),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_step_that_is_empty_only_in_somebodys_turn_is_found_with_its_beginning(sound):
    row = EscalationPolicy.objects.create(slug="o", name_ko="o", name_en="o")
    step = EscalationStep.objects.create(policy=row)
    step.rotations.add(Rotation.objects.get(slug="first"))
    publish(row, by=None, at=START)
    SeverityPolicy.objects.filter(severity="P1").update(escalation=row)
    alone_in_turn("dev1", "dev2")
    User.objects.filter(username="dev2").update(is_active=False)

    assert (Kind.NOBODY, 0, MONDAY + 7 * DAY) in ahead()


@pytest.mark.django_db
def test_gaps_come_with_their_begin_and_end(sound):
    alone_in_turn("dev1", unit="days")
    layer = Layer.objects.get(rotation__slug="first")
    for weekday in range(7):
        LayerWindow.objects.create(layer=layer, weekday=weekday, start="09:00", end="18:00")

    [hole] = [hole for hole in find_holes(at=START) if hole.kind == Kind.GAP]
    assert hole.spans[0] == (MONDAY + timedelta(hours=9), MONDAY + DAY)
    assert hole.begins == hole.spans[0][0]
    assert len(hole.spans) == 14


@pytest.mark.django_db
def test_a_stand_in_who_has_the_other_turn_too_is_on_call_twice(sound):
    begins = START + 2 * DAY
    Override.objects.create(
        rotation=Rotation.objects.get(slug="second"), user=person("dev2"),
        starts_at=begins, ends_at=begins + DAY,
    )  # fmt: skip
    alone_in_turn("dev2")

    [hole] = find_holes(at=START)
    assert (hole.kind, hole.subject, hole.spans) == (
        Kind.TWICE, person("dev2").pk, ((begins, begins + DAY),),
    )  # fmt: skip
    assert not hole.grave


@pytest.mark.django_db
def test_a_policy_that_no_severity_uses_is_shown_as_unused_and_looked_at(sound):
    row = EscalationPolicy.objects.create(slug="old", name_ko="옛 정책", name_en="Old")
    step = EscalationStep.objects.create(policy=row)
    step.people.add(newcomer())
    publish(row, by=None, at=START)

    found = [hole for hole in find_holes(at=START) if hole.kind != Kind.NO_WAY]
    assert {(hole.kind, hole.step) for hole in found} == {(Kind.UNUSED, 0), (Kind.NOBODY, 1)}
    assert not any(hole.grave for hole in find_holes(at=START))


@pytest.mark.django_db
def test_two_weeks_of_hourly_turns_and_more_policies_cost_no_further_query(
    sound,
):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            find_holes(at=START)
        return len(queries)

    few = counted()
    alone_in_turn("dev1", "dev2", "devops", "senior-dev", unit="hours")
    for number in range(5):
        row = EscalationPolicy.objects.create(slug=f"p{number}", name_ko="p", name_en="p")
        step = EscalationStep.objects.create(policy=row, owners=True)
        step.people.add(person("ceo"), person("dev1"))
        step.teams.set(Team.objects.all())
        step.rotations.set(Rotation.objects.all())
        publish(row, by=None, at=START)
        SeverityPolicy.objects.filter(severity=f"P{number}").update(escalation=row)

    assert counted() <= few + 3  # people by name and their ways, and other teams, are read once
    assert few <= 20


@pytest.mark.django_db
def test_the_page_shows_when_it_begins_and_whoever_responds_where_to_stand_in(
    sound, client, commander
):
    alone_in_turn("dev1", "dev2")
    Layer.objects.update(first_day=(clock.now() + 3 * DAY).date())
    client.force_login(person("dev2"))
    page = client.get("/on-call/holes/").text

    assert "nobody is on call" in page
    assert "→" in page
    assert 'href="/on-call/"' in page
    assert "/console/" not in page


@pytest.mark.django_db
def test_a_service_without_owner_counts_only_where_owners_are_called(sound):
    Service.objects.filter(slug="web").update(owner=None)
    assert found() == set()

    row = EscalationPolicy.objects.create(slug="o", name_ko="o", name_en="o")
    EscalationStep.objects.create(policy=row, severity_team=True, owners=True)
    publish(row, by=None, at=START)
    SeverityPolicy.objects.filter(severity="P1").update(escalation=row)
    assert found() == {(Kind.UNOWNED, Service.objects.get(slug="web").pk)}


def test_a_grave_hole_comes_first():
    assert Hole(Kind.GAP).grave
    assert not Hole(Kind.NOBODY_NEW, "P0", 2).grave
    assert Hole(Kind.UNPROVED, "P1").grave
    assert not Hole(Kind.UNPROVED, "P2").grave


@pytest.mark.django_db
def test_the_page_names_each_hole_and_leads_administrators_to_its_place(seeded, client, commander):
    client.force_login(commander)
    page = client.get("/on-call/holes/").text

    assert "P2 대응팀" in page
    assert f"/console/teams/team/{Team.objects.get(slug='p2').pk}/change/" in page


def test_every_kind_of_hole_has_words():
    assert set(SAID) == set(Kind)


@pytest.mark.django_db
def test_the_question_is_played_out(seeded, client, commander):
    client.force_login(commander)
    page = client.get("/on-call/what-if/?severity=P1&at=2026-11-29T03:10").text

    assert "윤서아" in page
    assert "P0" in page


@pytest.mark.django_db
def test_the_question_may_say_who_answers_and_when(seeded, client, commander):
    NotificationRule.objects.create(user=person("dev2"), grave=True, channel="sms", minutes=0)
    client.force_login(commander)
    who = person("dev2").pk
    path = f"/on-call/what-if/?severity=P1&at=2026-11-29T03:10&answers={who}&after=4"
    page = client.get(path).text

    assert "Daniel Reyes 님이 4분 뒤에 확인하면" in page
    assert "Daniel Reyes 님이 확인해서" in page
    assert "보내기 전에 거두는 호출: Daniel Reyes" in page  # those that wait five minutes
    assert "P0" not in page.split("scenes-head")[1]  # not sent up


@pytest.mark.django_db
@pytest.mark.parametrize("severity", ["P0", "P2"])
def test_a_long_story_costs_no_more_reading_than_a_short_one(
    seeded, client, commander, severity, django_assert_max_num_queries
):
    client.force_login(commander)

    with django_assert_max_num_queries(36):
        client.get(f"/on-call/what-if/?severity={severity}&at=2026-11-29T03:10")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        "severity=P9&at=2026-11-29T03:10",
        "severity=P1&at=x",
        "at=",
        "severity=P1&at=2026-11-29T03:10&after=x",
    ],
)
def test_a_question_that_makes_no_sense_is_said(seeded, client, commander, asked):
    client.force_login(commander)

    assert client.get(f"/on-call/what-if/?{asked}").status_code == 400


@pytest.mark.django_db
def test_once_a_night_administrators_hear_of_what_is_grave(sound):
    ContactMethod.objects.create(user=person("commander"), channel="email", address="c@localhost")
    ContactMethod.objects.filter(user=person("dev2")).delete()
    night = START.replace(hour=20)  # 05:00 in Seoul

    told = [tell_of_holes(at=night + n * timedelta(hours=1)) for n in range(3)]

    assert told == [1, 0, 0]
    message = render(Delivery.objects.get(topic__startswith="reach:"))
    assert "Daniel Reyes" in message.text
    assert "1" in message.subject


@pytest.mark.django_db
def test_a_sound_night_stays_silent(sound):
    assert tell_of_holes(at=START.replace(hour=20)) == 0
