"""Somebody cannot take it: they are left in peace, and whoever is next is called at once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from core.errors import Refused
from incidents import services
from incidents.domain.asked import Then, left
from incidents.domain.replies import Decline, Reply, read
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.narration import narrate
from incidents.services.answering import key_on_call
from incidents.services.asking import came, deeds_of
from incidents.services.publishing import publish
from incidents.services.texting import reply_by_sms
from notifications.links import answer_url
from notifications.models import Delivery
from teams.models import ContactMethod
from teams.services import new_api_token
from tests.incidents.conftest import after, kinds, last_event, pages, person, post
from tests.incidents.test_races_of_processes import ROUNDS, fresh, how, racing
from tests.incidents.test_slack_button import answers, knock, payload, slack_id

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("3", Decline()),
        ("no 214", Decline(214)),
        ("못해요", Decline()),
        ("못해요 214 수술 중이에요", Decline(214, "수술 중이에요")),
        ("decline: at the dentist", Decline(None, "at the dentist")),
        ("can't #214, on a plane", Decline(214, "on a plane")),
        ("no 214 on a plane", Decline(214, "on a plane")),
        ("no idea what this is", None),
        ("3 nodes are down", None),
        ("1", Reply()),
    ],
)
def test_a_no_refuses_and_what_only_looks_like_one_does_not(text, meant):
    assert read(text) == meant


def test_of_a_step_are_left_those_who_are_reached_before_the_next_and_have_not_spoken():
    reached = {1: after(minutes=0), 2: after(minutes=2), 3: after(hours=6)}

    assert left(reached, {1}, until=after(minutes=5)) == {2}
    assert left(reached, {1, 2}, until=after(minutes=5)) == set()
    assert left(reached, set(), until=None) == {1, 2, 3}


@pytest.fixture
def steps(seeded):
    """P1 calls dev1 and dev2, then the security lead; sent up, the CTO."""

    def make(*called, **rules):
        policy = EscalationPolicy.objects.create(slug="p1-steps", name_ko="p", name_en="p", **rules)
        for place, people in enumerate(called):
            step = EscalationStep.objects.create(
                policy=policy, place=place, wait=timedelta(minutes=5)
            )
            step.people.add(*map(person, people))
        publish(policy, by=None, at=after(minutes=-60))
        SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)

    make(["dev1", "dev2"], ["security-lead"])
    return make


def decline(incident, who, *, minutes=1, **said):
    return services.decline(incident, by=person(who), at=after(minutes=minutes), **said)


def now(incident):
    return Incident.objects.get(pk=incident.pk)


def called(incident, step):
    return {who for who, _channel in pages(incident, step=str(step))}


def test_while_somebody_else_of_the_step_may_answer_nobody_else_is_called(steps, declare):
    incident = declare("P1")

    assert decline(incident, "dev1", words="수술 중이에요") == Then.WAITS
    found = now(incident)
    assert (found.status, found.page_round) == ("triggered", 0)
    assert "“수술 중이에요”" in narrate(last_event(found, "declined"))
    undone = Delivery.objects.about(found.topic).undone()
    assert set(undone.values_list("recipient__username", flat=True)) == {"dev2"}


def test_when_nobody_of_the_step_is_left_the_next_is_called_at_once(steps, declare):
    incident = declare("P1")
    decline(incident, "dev1")

    assert decline(incident, "dev2", minutes=2) == Then.CALLED
    found = now(incident)
    assert (found.status, found.escalation_place) == ("triggered", 1)
    assert called(found, 1) == {"security-lead"}
    assert kinds(found)[-3:] == ["declined", "next_step", "paged"]
    assert services.call_next(at=after(minutes=5)) == 0


def test_said_twice_it_calls_nobody_more(steps, declare):
    incident = declare("P1")
    for _ in range(2):
        decline(incident, "dev1")
        decline(incident, "dev2")

    assert kinds(incident).count("declined") == 2
    assert kinds(incident).count("next_step") == 1


@pytest.fixture
def posting(steps):
    """P1 calls dev1 and dev2, posts to a channel, and then calls the security lead."""
    policy = EscalationPolicy.objects.get(slug="p1-steps")
    policy.steps.filter(place=1).update(place=2)
    EscalationStep.objects.create(
        policy=policy, place=1, wait=timedelta(minutes=5), slack=["C0000009"]
    )
    publish(policy, by=None, at=after(minutes=-30))


def test_a_step_that_only_posts_keeps_nobody_waiting(posting, declare):
    incident = declare("P1")
    decline(incident, "dev1")

    assert decline(incident, "dev2", minutes=2) == Then.CALLED
    found = now(incident)
    assert (called(found, 1), called(found, 2)) == ({None}, {"security-lead"})
    assert found.escalation_place == 2
    assert kinds(found)[-4:] == ["next_step", "paged", "next_step", "paged"]


def test_who_declines_after_it_was_posted_lets_the_next_be_called_as_well(posting, declare):
    incident = declare("P1")
    decline(incident, "dev1")
    services.call_next(at=after(minutes=5))
    assert called(incident, 1) == {None}

    assert decline(incident, "dev2", minutes=6) == Then.CALLED
    assert called(incident, 2) == {"security-lead"}


def test_a_last_step_that_only_posts_is_followed_by_the_contact(posting, declare):
    policy = EscalationPolicy.objects.get(slug="p1-steps")
    policy.steps.filter(place=2).delete()
    publish(policy, by=None, at=after(minutes=-20))
    incident = declare("P1")
    decline(incident, "dev1")

    assert decline(incident, "dev2") == Then.CALLED
    assert called(incident, 1) == {None, "cto"}


def test_after_the_last_step_whoever_it_would_be_sent_up_to_is_called(steps, declare):
    incident = declare("P1")
    for who in ("dev1", "dev2"):
        decline(incident, who)

    assert decline(incident, "security-lead", minutes=2) == Then.CALLED
    assert called(incident, 1) == {"security-lead", "cto"}
    assert decline(incident, "cto", minutes=3) == Then.NOBODY
    assert now(incident).severity == "P1"


def test_a_policy_that_repeats_does_not_call_the_same_again_for_it(steps, declare):
    policy = EscalationPolicy.objects.create(slug="again", name_ko="p", name_en="p", repeats=5)
    EscalationStep.objects.create(policy=policy, wait=timedelta(minutes=1)).people.add(
        person("dev1")
    )
    publish(policy, by=None, at=after(minutes=-60))
    SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)
    incident = declare("P1")

    decline(incident, "dev1", minutes=0)
    assert {who for who, _ in pages(incident)} == {"dev1", "cto"}
    services.call_next(at=after(minutes=1))
    assert called(incident, 1) == {"dev1"}  # a step later they may be asked again


def test_whoever_cannot_be_reached_before_the_next_step_is_not_waited_for(steps, declare):
    incident = declare("P1")
    Delivery.objects.filter(recipient=person("dev2")).update(due_at=after(hours=6))

    assert decline(incident, "dev1") == Then.CALLED


def test_a_raised_severity_does_not_page_them_again_in_this_round(steps, declare, commander):
    incident = declare("P1")
    decline(incident, "dev1")
    services.assemble(incident, by=commander, at=after(minutes=2))

    undone = Delivery.objects.about(incident.topic).undone()
    assert "dev1" not in set(undone.values_list("recipient__username", flat=True))


def test_of_several_who_must_answer_one_may_be_lacking(steps, declare):
    EscalationPolicy.objects.update(answers=2)
    publish(EscalationPolicy.objects.get(), by=None, at=after(minutes=-30))
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    with pytest.raises(Refused):
        decline(incident, "dev1")
    assert decline(incident, "dev2") == Then.CALLED
    assert called(incident, 1) == {"security-lead"}


def test_they_may_think_better_of_it(steps, declare):
    incident = declare("P1")
    decline(incident, "dev1")
    services.acknowledge(now(incident), by=person("dev1"), at=after(minutes=2))

    assert now(incident).acknowledged_by == person("dev1")


def test_who_was_not_paged_has_nothing_to_decline(steps, declare):
    with pytest.raises(Refused):
        decline(declare("P1"), "devops")


def test_once_somebody_has_answered_there_is_nothing_to_decline(steps, declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    for who in ("dev1", "dev2"):
        with pytest.raises(services.AlreadyMoved):
            decline(incident, who, minutes=2)
    assert "declined" not in kinds(incident)


def test_whoever_was_called_in_by_name_declines_the_call(steps, declare):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    services.call_in(incident, person("cto"), by=person("dev1"), at=after(minutes=2))

    assert decline(incident, "cto", minutes=3) == Then.WAITS
    assert not Delivery.objects.about(incident.topic).undone().exists()
    assert kinds(incident)[-1] == "declined"
    services.call_in(incident, person("cto"), by=person("dev1"), at=after(minutes=4))
    assert Delivery.objects.about(incident.topic).undone().exists()


def test_to_decline_is_not_to_have_come(steps, declare, commander):
    incident = declare("P1")
    decline(incident, "dev1")

    assert person("dev1").pk not in came(deeds_of(incident))
    services.join(incident, by=person("dev1"), at=after(minutes=3))
    assert kinds(incident)[-1] == "joined"


def address(incident, who):
    page = Delivery.objects.about(incident.topic).get(recipient=person(who), channel="email")
    return "/p/" + answer_url(page).partition("/p/")[2]


def test_the_link_in_a_page_takes_a_refusal_and_its_reason(steps, declare):
    incident = declare("P1", at=clock.now())

    said = Client().post(address(incident, "dev1"), {"cannot": "1", "words": "<수술> 중"})
    assert f"#{incident.number} 대응이 어렵다는" in said.content.decode()
    told = last_event(incident, "declined")
    assert (told.actor_user, told.data["words"]) == (person("dev1"), "<수술> 중")
    assert now(incident).status == "triggered"


def test_a_word_by_text_a_key_on_a_call_and_a_button_in_slack_refuse_too(steps, declare):
    incident = declare("P1", at=clock.now())
    number = ContactMethod.objects.get(user=person("dev1"), channel="sms").address
    reply_by_sms(number, f"못해요 {incident.number} 운전 중", key="m1", at=clock.now())
    assert last_event(incident, "declined").data["words"] == "운전 중"

    page = Delivery.objects.get(recipient=person("dev2"), channel="slack")
    assert knock(payload(page, slack_id("dev2"), action="decline")).status_code == 200
    assert "being called" in answers()[-1].context["said"]

    call = Delivery.objects.filter(recipient=person("security-lead")).first()
    assert key_on_call(call, "3", at=clock.now())
    who = incident.timeline.filter(kind="declined").values_list("actor_user__username", "data__how")
    assert list(who) == [("dev1", "reply"), ("dev2", "button"), ("security-lead", "key")]


def test_the_room_offers_it_to_whoever_was_paged_and_to_nobody_else(steps, declare, client):
    incident = declare("P1", at=clock.now())
    for who, offered in (("dev1", True), ("devops", False)):
        client.force_login(person(who))
        shown = client.get(f"/incidents/{incident.number}/").content.decode()
        assert ('id="asked-decline"' in shown) is offered

    client.force_login(person("dev1"))
    assert (
        client.post(f"/incidents/{incident.number}/decline/", {"words": "수술"}).status_code == 302
    )
    shown = client.get(f"/incidents/{incident.number}/").content.decode()
    assert 'id="asked-decline"' not in shown
    assert "declined" in kinds(incident)


def test_programs_decline_for_their_owner(steps, declare, api):
    incident = declare("P1")
    token = new_api_token(person("dev1"), name="phone", scope="write")
    theirs = Client(headers={"authorization": f"Token {token}"})

    assert post(api, f"{incident.number}/decline/", words="x").status_code == 409  # never paged
    assert post(theirs, f"{incident.number}/decline/", words="x").status_code == 200
    assert last_event(incident, "declined").actor_user == person("dev1")


@pytest.mark.django_db(transaction=True)
def test_decline_and_acknowledge_at_once_leave_it_acknowledged_and_nobody_called(steps, declare):
    seen = Counter[str]()
    with racing("acknowledge", "decline") as racers:
        for _ in range(ROUNDS // 2):
            incident, at = declare("P1"), after(minutes=1)

            taken, refused = racers.race(
                {"number": incident.pk, "who": "dev1", "at": at},
                {"number": incident.pk, "who": "dev2", "at": at},
            )

            assert taken is None
            seen[how(refused)] += 1
            found = fresh(incident)
            said = ["declined", "status"] if how(refused) == "done" else ["status"]
            assert kinds(found) == ["declared", "paged", *said]
            assert (found.status, found.acknowledged_by) == ("acknowledged", person("dev1"))
            assert not Delivery.objects.about(found.topic).undone().exists()
    assert set(seen) == {"done", "AlreadyMoved"}, "never a race"


@pytest.mark.django_db(transaction=True)
def test_decline_and_the_tick_at_once_call_the_next_step_exactly_once(steps, declare):
    first = Counter[int]()
    with racing("call_next", "decline") as racers:
        for _ in range(ROUNDS // 2):
            incident, at = declare("P1"), after(minutes=5)
            decline(incident, "dev1")

            ticked, said = racers.race({"at": at}, {"number": incident.pk, "who": "dev2", "at": at})

            assert how(said) == "done", said
            found = fresh(incident)
            assert kinds(found).count("next_step") == 1
            assert (found.page_round, called(found, 1)) == (1, {"security-lead"})
            first[ticked] += 1
            services.acknowledge(found, by=None, at=at)
    assert set(first) == {0, 1}, "never a race"


@pytest.mark.django_db(transaction=True)
def test_two_who_decline_at_once_call_the_next_step_exactly_once(steps, declare):
    with racing("decline", "decline") as racers:
        for _ in range(ROUNDS // 2):
            incident, at = declare("P1"), after(minutes=1)

            racers.race(
                *({"number": incident.pk, "who": who, "at": at} for who in ("dev1", "dev2"))
            )

            found = fresh(incident)
            assert kinds(found) == [
                "declared",
                "paged",
                "declined",
                "declined",
                "next_step",
                "paged",
            ]
            assert called(found, 1) == {"security-lead"}
