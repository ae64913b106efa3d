"""Whoever can approve is asked at once, and once more at half time; nobody after it is decided."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from incidents import services as incidents
from incidents.domain.roles import Role
from notifications.models import Delivery, State
from notifications.rendering import render
from runbooks.domain.asking import AGAIN, FIRST, occasion, whom
from runbooks.models import Action, Limits
from runbooks.services import approve, ask_due, expire_due, refuse, start, take_over
from teams.stakeholders import StakeholderGroup
from tests.doors.conftest import everyone
from tests.runbooks.running import book, go, step

__all__ = ["everyone"]
HOUR = timedelta(hours=1)
people = st.integers(1, 8)


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, FIRST), (29, FIRST), (30, AGAIN), (59, AGAIN), (600, AGAIN)]
)
def test_the_second_time_is_at_half_of_it(minutes, said):
    began = clock.now()

    assert occasion(began, HOUR, now=began + timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("needed", "when", "done", "asked"),
    [
        (1, FIRST, set(), [1]),  # the commander is enough
        (2, FIRST, set(), [1, 2, 3]),
        (1, FIRST, {1}, [2, 3]),  # who proposed it is not asked
        (1, AGAIN, set(), [1, 2, 3, 4]),
        (4, FIRST, {1}, [2, 3, 4, 5, 6]),  # rather too many than too few
    ],
)
def test_the_nearest_are_asked_until_they_are_enough(needed, when, done, asked):
    circles, able = [[1], [2, 9, 3], [4]], [1, 2, 3, 4, 5, 6]  # 9 may not approve

    assert whom(circles, needed=needed, able=able, done=done, occasion=when) == asked


@given(
    st.lists(st.lists(people, max_size=4), max_size=4), st.integers(1, 3), st.sets(people),
    st.sets(people), st.sampled_from([FIRST, AGAIN]),
)  # fmt: skip
def test_only_those_who_can_are_asked_and_never_fewer_than_there_are(
    circles, needed, able, done, when
):
    asked = whom(circles, needed=needed, able=able, done=done, occasion=when)

    assert set(asked) <= able - done
    assert len(asked) == len(set(asked)) >= min(needed, len(able - done))


@pytest.fixture
def incident(everyone):
    made = incidents.declare("출금 지연", severity="P1", by=everyone["responder"], at=clock.now())
    who = everyone["commander"]
    incidents.give_role(made, Role.COMMANDER, to=who, by=who, at=clock.now())
    Delivery.objects.all().delete()
    return made


def asked():
    return Delivery.objects.filter(template="approval", state=State.PENDING)


def names():
    return set(asked().values_list("recipient__username", flat=True))


@pytest.mark.django_db
def test_the_commander_is_asked_once_by_their_own_channels(
    writing, switched_on, incident, everyone
):
    action = writing(incident=incident, at_least=1, sun=50)

    assert [ask_due(at=clock.now()) for _ in range(2)] == [1, 0]

    told = list(asked())
    assert {one.recipient for one in told} == {everyone["commander"]}
    said = render(told[0]).form("text.txt")
    for word in (
        "write one",
        "0.00005",
        f"#{incident.number}",
        f"/actions/{action.pk}/",
        "1명 중 0명",
    ):
        assert word in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form", ["mail.html", "short.txt", "spoken.txt", "subject.txt", "text.txt"]
)
def test_each_form_says_what_it_is_about(writing, switched_on, incident, form):
    writing(incident=incident, at_least=1)
    ask_due(at=clock.now())

    assert "write one" in render(asked()[0]).form(form)


@pytest.mark.django_db
def test_at_half_time_all_who_are_near_are_asked_once_more(
    writing, switched_on, incident, everyone
):
    management = StakeholderGroup.objects.get(slug="management")
    management.people.set([everyone["manager"]])
    writing(incident=incident, at_least=1, at=clock.now() - HOUR / 2)

    assert [ask_due(at=clock.now()) for _ in range(2)] == [1, 0]

    assert {everyone["commander"].username, everyone["manager"].username} <= names()
    assert "아직" in render(asked()[0]).form("subject.txt")


@pytest.mark.django_db
def test_whoever_proposed_or_approved_is_not_asked(writing, switched_on, incident, everyone):
    action = writing(incident=incident, at_least=2, by=everyone["commander"])
    approve(action, by=everyone["manager"], at=clock.now())

    ask_due(at=clock.now())

    assert names()
    assert not names() & {everyone["commander"].username, everyone["manager"].username}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "decide",
    [
        lambda action, who: approve(action, by=who, at=clock.now()),
        lambda action, who: refuse(action, by=who, at=clock.now(), reason="no"),
        lambda action, who: expire_due(at=clock.now() + HOUR),
    ],
)
def test_once_decided_nobody_is_asked_any_more(writing, switched_on, incident, everyone, decide):
    action = writing(incident=incident, at_least=1)
    other = writing("other", incident=incident, at_least=1, at=clock.now() + HOUR / 2)
    ask_due(at=clock.now())

    decide(action, everyone["manager"])

    left = {one.context["page"].rpartition("actions/")[2] for one in asked()}
    assert left == {f"{other.pk}/"}


@pytest.fixture
def dangerous(incident, everyone):
    version = book(step("a", wait="0s", dangerous=True))
    return go(start(version, {}, by=everyone["manager"], at=clock.now(), incident=incident))


@pytest.mark.django_db
def test_when_whoever_was_asked_takes_the_run_over_others_are_asked(dangerous, everyone):
    ask_due(at=clock.now())
    assert names() == {everyone["commander"].username}

    take_over(dangerous, by=everyone["commander"], at=clock.now())

    assert names() == set()
    assert [ask_due(at=clock.now()) for _ in range(2)] == [1, 0]
    assert names()
    assert everyone["commander"].username not in names()


@pytest.mark.django_db
def test_an_approval_of_whoever_takes_over_waits_for_somebody_else_s(dangerous, everyone):
    action = Action.objects.get()
    approve(action, by=everyone["commander"], at=clock.now())

    take_over(dangerous, by=everyone["commander"], at=clock.now())

    action.refresh_from_db()
    assert (action.state, action.proposed_by) == ("proposed", everyone["commander"])
    assert ask_due(at=clock.now()) == 1
    assert everyone["commander"].username not in names()

    take_over(dangerous, by=everyone["manager"], at=clock.now())
    action.refresh_from_db()
    assert action.state == "approved"  # by the one who is not in charge any more


@pytest.mark.django_db
def test_an_action_without_an_incident_is_asked_about_quietly(writing, switched_on, everyone):
    writing(at_least=1)

    ask_due(at=clock.now())

    assert asked().exists()
    assert not asked().exclude(channel__in=["slack", "email"]).exists()


@pytest.mark.django_db
def test_nobody_is_asked_about_what_is_switched_off(writing, switched_on, incident):
    writing(incident=incident, at_least=1)
    Limits.objects.update(mode="off")

    assert ask_due(at=clock.now()) == 0


@pytest.mark.django_db
def test_asking_about_many_costs_no_more_queries_than_their_own(
    writing, switched_on, incident, django_assert_max_num_queries
):
    for n in range(30):
        writing(f"w{n}", incident=incident, at_least=1)
    ask_due(at=clock.now())

    with django_assert_max_num_queries(4):
        assert ask_due(at=clock.now()) == 0


@pytest.mark.django_db
def test_a_request_in_slack_is_noted_as_every_message_is(everyone, writing, switched_on):
    now = clock.database_now()
    incident = incidents.declare("출금 지연", severity="P1", by=everyone["responder"], at=now)
    writing(incident=incident, at_least=1)
    ask_due(at=now)
    asked = Delivery.objects.filter(template="approval")
    assert asked.update(channel="slack", state=State.SENT, sent_at=now, noted=False)

    while incidents.note_outcomes(at=now):
        pass

    assert not asked.filter(noted=False).exists()
