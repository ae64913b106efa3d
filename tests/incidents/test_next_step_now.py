"""The policy's next step before its time: by whoever commands, and never twice."""

from collections import Counter
from datetime import timedelta

import pytest

from core.errors import Refused
from incidents import services
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.narration import narrate
from incidents.services.publishing import publish
from tests.incidents.conftest import after, kinds, last_event, pages, person, post
from tests.incidents.test_races_of_processes import ROUNDS, fresh, how, racing

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_steps(seeded):
    """P1 calls dev1, five minutes later dev2, and ten later the security lead."""
    policy = EscalationPolicy.objects.create(slug="p1-three", name_ko="p1", name_en="p1")
    for place, who in enumerate(("dev1", "dev2", "security-lead")):
        step = EscalationStep.objects.create(
            policy=policy, place=place, wait=timedelta(minutes=5 * (place + 1))
        )
        step.people.add(person(who))
    publish(policy, by=None, at=after(minutes=-60))
    SeverityPolicy.objects.filter(severity="P1").update(escalation=policy)


def call(incident, seen, *, by="senior-dev", minutes=1):
    services.call_next_now(incident, by=person(by), at=after(minutes=minutes), seen=seen)
    return Incident.objects.get(pk=incident.pk)


def test_the_next_step_is_called_at_once_and_the_one_after_it_waits_its_full_time(
    three_steps, declare
):
    incident = call(declare("P1"), 0)

    assert {who for who, _ in pages(incident, step="1")} == {"dev2"}
    assert incident.escalate_at == after(minutes=11)
    told = last_event(incident, "next_step")
    assert (told.actor, told.data["early"]) == ("김하늘", True)
    assert "2" in narrate(told)
    assert services.call_next(at=after(minutes=5)) == 0


def test_pressed_twice_or_after_the_tick_it_calls_nobody_more(three_steps, declare):
    incident = declare("P1")
    call(incident, 0)
    with pytest.raises(Refused):
        call(incident, 0)
    services.call_next(at=after(minutes=11))
    with pytest.raises(Refused):
        call(incident, 1, minutes=11)

    assert kinds(incident).count("next_step") == 2


def test_after_the_last_step_or_an_answer_there_is_none(three_steps, declare):
    incident = call(call(declare("P1"), 0), 1)
    with pytest.raises(Refused):
        call(incident, 2)

    services.acknowledge(incident, by=person("dev1"), at=after(minutes=2))
    with pytest.raises(Refused):
        call(incident, 2)


def test_only_whoever_commands_does_it(three_steps, declare):
    with pytest.raises(Refused):
        call(declare("P1"), 0, by="dev1")


def test_the_room_offers_it_and_programs_do_it(three_steps, declare, client, commander, api):
    incident = declare("P1")
    client.force_login(commander)
    path = f"/incidents/{incident.number}/call/next/?seen=0"

    assert path in client.get(f"/incidents/{incident.number}/").content.decode()
    assert client.post(path).status_code == 302
    assert client.post(path.replace("seen=0", "seen=²")).status_code == 302
    assert kinds(incident).count("next_step") == 1

    round_ = api.get(f"/api/v1/incidents/{incident.number}/").json()["page_round"]
    answer = post(api, f"{incident.number}/calls/next-step/", page_round=round_)
    assert answer.status_code == 201
    assert "security-lead" in {each["username"] for each in answer.json()}
    assert post(api, f"{incident.number}/calls/next-step/", page_round=round_).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_a_commander_and_the_tick_exactly_one_calls_it(three_steps, declare):
    first = Counter[bool]()
    with racing("call_next", "call_next_now") as racers:
        for _ in range(ROUNDS):
            incident, at = declare("P1"), after(minutes=5)
            pressed = {"number": incident.pk, "seen": 0, "who": "senior-dev", "at": at}

            ticked, said = racers.race({"at": at}, pressed)

            assert sorted([ticked, how(said) == "done"]) == [0, 1], (ticked, said)
            assert kinds(fresh(incident)) == ["declared", "paged", "next_step", "paged"]
            assert {who for who, _ in pages(incident, step="1")} == {"dev2"}
            first[bool(ticked)] += 1
            services.acknowledge(Incident.objects.get(pk=incident.pk), by=None, at=at)
    assert len(first) == 2, "never a race"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_call_the_same_person_in_one_does(declare):
    with racing("call_in", "call_in") as racers:
        for _ in range(ROUNDS // 2):
            incident = declare("P1")
            said = {"number": incident.pk, "whom": "security-lead", "at": after(minutes=1)}

            outcomes = racers.race(said | {"who": "senior-dev"}, said | {"who": "devops-lead"})

            assert sorted(map(how, outcomes)) == ["Refused", "done"]
            assert kinds(fresh(incident)) == ["declared", "paged", "called_in"]
            assert len(pages(incident, step__startswith="call:")) == 3
