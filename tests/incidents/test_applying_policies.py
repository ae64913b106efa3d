"""A changed policy reaches running incidents on purpose, and calls only whom they did not call yet."""

from datetime import timedelta
from uuid import uuid4

import pytest

from incidents import services
from incidents.models import EscalationPolicy, EscalationStep, SeverityPolicy
from incidents.services.publishing import apply_to_running, publish
from notifications.models import Delivery, State
from teams.models import User
from tests.incidents.conftest import START, after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db

FIVE = timedelta(minutes=5)
CONSOLE = "/console/incidents/escalationpolicy/"


def steps(policy, *calls):
    EscalationStep.objects.filter(policy=policy).delete()
    for place, names in enumerate(calls):
        step = EscalationStep.objects.create(policy=policy, place=place, wait=FIVE)
        step.people.set([person(name) for name in names])
    publish(policy, by=None, at=START)
    policy.refresh_from_db()
    return policy


def made(slug, *calls, severity="", **more):
    row = EscalationPolicy.objects.create(slug=slug, name_ko=slug, name_en=slug, **more)
    SeverityPolicy.objects.filter(severity=severity).update(escalation=row)
    return steps(row, *calls)


@pytest.fixture
def policy(seeded):
    return made("relay", ["dev1"], ["dev2"], ["cto"], severity="P1")


def apply(policy, by, minutes):
    return apply_to_running(policy, by=by, at=after(minutes=minutes))


def names(incident, **query):
    return {name for name, _channel in pages(incident, **query)}


def test_whom_the_new_version_would_have_called_by_now_is_paged_and_nobody_twice(
    policy, declare, commander
):
    incident = declare("P1")
    services.call_next(at=after(minutes=5))
    before = Delivery.objects.count()
    Delivery.objects.update(state=State.SENT, sent_at=START)

    steps(policy, ["dev1", "tech-lead"], ["dev2", "devops"], ["ceo"])
    assert apply(policy, commander, 6) == 1

    assert names(incident, state=State.PENDING) == {"tech-lead", "devops"}
    people = last_event(incident, "paged").data["people"]
    assert sorted(each["name"] for each in people) == ["강시우", "최민재"]
    assert Delivery.objects.count() > before
    assert apply(policy, commander, 7) == 0


def test_the_call_it_is_at_was_when_it_was(policy, declare, commander):
    incident = declare("P1")
    EscalationStep.objects.filter(policy=policy).update(wait=timedelta(minutes=8))
    publish(policy, by=None, at=START)
    policy.refresh_from_db()

    apply(policy, commander, 4)
    incident.refresh_from_db()
    assert incident.escalate_at == after(minutes=8)


def test_a_severity_that_names_another_policy_now_brings_its_incidents_under_it(
    policy, declare, commander
):
    incident = declare("P1")
    services.call_next(at=after(minutes=5))
    other = made("nights", ["dev1", "ceo"], ["tech-lead"], severity="P1")

    assert apply(other, commander, 6) == 1
    incident.refresh_from_db()
    assert (incident.escalation, incident.escalation_place) == (other.current, 0)
    assert incident.escalate_at == after(minutes=11)
    assert names(incident) == {"dev1", "dev2", "ceo"}
    said = last_event(incident, "policy_applied").data
    assert said["name"] == {"ko": "nights", "en": "nights"}


def test_one_that_ran_without_a_policy_follows_the_one_its_severity_names_now(
    seeded, declare, commander
):
    incident = declare("P2")
    policy = made("new", ["dev1"], ["dev2"], severity="P2")

    assert apply(policy, commander, 1) == 1
    incident.refresh_from_db()
    assert (incident.escalation, incident.escalate_at) == (policy.current, after(minutes=6))
    assert "dev1" in names(incident)


def test_an_answered_one_stays_quiet_unless_the_new_version_needs_more(policy, declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    steps(policy, ["dev1", "dev2", "tech-lead"])
    apply(policy, commander, 2)
    incident.refresh_from_db()
    assert (incident.status, kinds(incident)[-1]) == ("acknowledged", "policy_applied")

    EscalationPolicy.objects.filter(pk=policy.pk).update(answers=2)
    policy.refresh_from_db()
    steps(policy, ["dev1", "dev2", "tech-lead"])
    apply(policy, commander, 3)
    incident.refresh_from_db()
    assert incident.status == "triggered"
    assert names(incident, step="1") == {"dev2", "tech-lead"}


def test_one_that_has_enough_answers_by_the_new_version_is_acknowledged(seeded, declare, commander):
    policy = made("two", ["dev1", "dev2"], severity="P1", answers=2)
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    EscalationPolicy.objects.filter(pk=policy.pk).update(answers=1)
    policy.refresh_from_db()
    steps(policy, ["dev1", "dev2", "cto"])

    apply(policy, commander, 2)
    incident.refresh_from_db()
    assert incident.status == "acknowledged"
    assert not Delivery.objects.undone().filter(topic=incident.topic).exists()


def test_the_console_shows_what_applying_would_do_to_each(policy, declare, commander, client):
    declare("P1")
    steps(policy, ["dev1"])
    declare("P1")
    declare("P2")
    other = made("nights", ["ceo"], severity="P1")
    SeverityPolicy.objects.filter(severity="P2").update(escalation=other)
    User.objects.filter(pk=commander.pk).update(language="en")
    client.force_login(commander)

    mine = client.get(f"{CONSOLE}{policy.pk}/change/").content.decode()
    assert "follows version 1; applying moves it to version 2" in mine
    assert "follows version 2, the newest" in mine
    assert "its severity names “nights” now" in mine
    theirs = client.get(f"{CONSOLE}{other.pk}/change/").content.decode()
    assert "under “relay”; applying begins with version 1 of this one" in theirs
    assert "calls its team at once; applying begins with version 1" in theirs


def test_the_console_applies_and_says_to_how_many(policy, declare, commander, client):
    incident = declare("P1")
    steps(policy, ["dev1", "ceo"])
    client.force_login(commander)
    body = {"action": "apply", "_selected_action": [policy.pk]}

    assert client.post(CONSOLE, body, follow=True).status_code == 200
    assert "ceo" in names(incident)


@pytest.mark.parametrize(
    ("state", "why", "withdrawn"),
    [
        ("pending", "opened", True),
        ("leased", "opened", True),  # its sender looks again before it sends
        ("sent", "opened", False),
        ("failed", "opened", False),
        ("pending", "next_step", True),
        ("pending", "unresolved", False),  # a missed target, whatever the policy says
        ("pending", "by_hand", False),  # somebody asked for them
    ],
)
def test_what_waits_for_somebody_it_does_not_name_is_withdrawn(
    policy, declare, commander, state, why, withdrawn
):
    incident = declare("P1")
    theirs = Delivery.objects.about(incident.topic).filter(recipient=person("dev1"))
    lease = {"lease_token": uuid4(), "lease_until": after(minutes=9)} if state == "leased" else {}
    theirs.update(state=state, context={"why": why}, sent_at=START, **lease)
    steps(policy, ["cto"])

    apply(policy, commander, 1)
    assert set(theirs.values_list("state", flat=True)) == {"cancelled" if withdrawn else state}
    assert last_event(incident, "policy_applied").data["spared"] == (
        [person("dev1").name] if withdrawn else []
    )


def test_what_waits_for_somebody_it_names_still_goes(policy, declare, commander):
    incident = declare("P1")
    steps(policy, ["dev1", "cto"])

    apply(policy, commander, 1)
    theirs = Delivery.objects.about(incident.topic).filter(recipient=person("dev1"))
    assert set(theirs.values_list("state", flat=True)) == {"pending"}


def test_whoever_it_was_sent_up_to_is_called_whatever_the_new_version_says(
    policy, declare, commander
):
    incident = declare("P1")
    services.escalate_due(at=after(minutes=31))
    assert "dev1" in names(incident, state=State.PENDING)
    other = made("nights", ["tech-lead"], severity="P0")

    apply(other, commander, 32)
    contact = SeverityPolicy.objects.get(severity="P1").team.escalation.username
    assert names(incident, state=State.PENDING) == {"tech-lead", contact}


def test_machines_it_does_not_name_are_spared_too(policy, declare, commander):
    EscalationStep.objects.filter(policy=policy).update(slack=["C0000008", "C0000009"])
    publish(policy, by=None, at=START)
    incident = declare("P1")
    EscalationStep.objects.filter(policy=policy).update(slack=["C0000009"])
    publish(policy, by=None, at=START)
    policy.refresh_from_db()

    apply(policy, commander, 1)
    posts = Delivery.objects.about(incident.topic).filter(recipient=None)
    assert set(posts.values_list("address", "state")) == {
        ("C0000008", "cancelled"),
        ("C0000009", "pending"),
    }
