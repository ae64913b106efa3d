"""Steps, several answers, answers that lapse, and versions that are pinned."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Refused
from incidents import services
from incidents.domain.replies import How
from incidents.models import EscalationPolicy, EscalationStep, SeverityPolicy
from incidents.services.answering import acknowledged
from incidents.services.publishing import apply_to_running, publish
from notifications.models import Delivery, State
from teams.models import Service, Team
from teams.rotations import Rotation
from tests.incidents.conftest import START, after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db

FIVE = timedelta(minutes=5)


@pytest.fixture
def policy(seeded):
    """P1: whoever is on call first, after five minutes the tech lead, after ten the whole team."""
    row = EscalationPolicy.objects.create(slug="relay", name_ko="릴레이", name_en="Relay")
    first = EscalationStep.objects.create(policy=row, place=0, wait=FIVE)
    first.rotations.add(Rotation.objects.get(slug="first"))
    second = EscalationStep.objects.create(policy=row, place=1, wait=FIVE)
    second.people.add(person("tech-lead"))
    EscalationStep.objects.create(policy=row, place=2, wait=FIVE, severity_team=True)
    publish(row, by=None, at=START)
    SeverityPolicy.objects.filter(severity="P1").update(escalation=row)
    return row


def change(policy, **fields):
    EscalationPolicy.objects.filter(pk=policy.pk).update(**fields)
    policy.refresh_from_db()
    return publish(policy, by=None, at=START)


def names(incident, **query):
    return sorted({name for name, _channel in pages(incident, **query)})


def call(incident, **span):
    done = services.call_next(at=after(**span))
    incident.refresh_from_db()
    return done


def test_only_the_first_step_is_called_at_the_beginning(policy, declare):
    incident = declare("P1")

    assert names(incident) == ["dev2"]  # on call in that week
    assert incident.escalate_at == after(minutes=5)


def test_the_next_steps_follow_while_nobody_answers(policy, declare):
    incident = declare("P1")

    assert [call(incident, minutes=4, seconds=59), call(incident, minutes=5)] == [0, 1]
    assert names(incident, step="1") == ["tech-lead"]
    assert call(incident, minutes=10) == 1
    assert names(incident, step="2") == ["dev1", "dev2", "devops", "tech-lead"]
    assert incident.escalate_at is None
    assert kinds(incident).count("next_step") == 2


def test_an_answer_ends_the_calls(policy, declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=commander, at=after(minutes=4))

    assert call(incident, minutes=6) == 0
    assert incident.escalate_at is None


def test_the_steps_are_repeated_as_often_as_the_policy_says(policy, declare):
    change(policy, repeats=1)
    incident = declare("P1")
    done = [call(incident, minutes=minutes) for minutes in (5, 10, 15, 20, 25)]

    assert done == [1] * 5
    assert names(incident, step="3") == ["dev2"]
    assert last_event(incident, "next_step").data == {"step": 3, "steps": 3, "lap": 2}


def test_when_the_response_time_is_over_the_severity_goes_up_instead_of_the_next_step(
    policy, declare
):
    incident = declare("P1")

    assert call(incident, minutes=30) == 0
    services.escalate_due(at=after(minutes=30))
    incident.refresh_from_db()

    assert (incident.severity, incident.escalation, incident.escalate_at) == ("P0", None, None)


def test_owners_machines_and_contacts_are_called_where_a_step_names_them(policy, declare):
    EscalationStep.objects.filter(policy=policy, place=0).update(
        owners=True, contact=True, slack=["C0000009"], webhooks=["https://hook.example/x"]
    )
    publish(policy, by=None, at=START)
    api = Service.objects.get(slug="deposits")
    Team.objects.filter(slug="p1").update(lead=person("ceo"))
    incident = declare("P1", services=[api])

    assert {"ceo", "dev1", "cto"} <= {name for name, _ in pages(incident) if name}
    machines = Delivery.objects.about(incident.topic).filter(recipient=None)
    assert set(machines.values_list("channel", "address")) == {
        ("slack", "C0000009"), ("webhook", "https://hook.example/x"),
    }  # fmt: skip


def test_two_must_answer_and_until_then_the_others_are_still_called(policy, declare):
    change(policy, answers=2)
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev2"), at=after(minutes=1))
    incident.refresh_from_db()

    assert incident.status == "triggered"
    assert last_event(incident, "answered").data == {"count": 1, "needed": 2}
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.CANCELLED}
    call(incident, minutes=5)
    call(incident, minutes=10)
    assert "dev2" not in names(incident, step="2")

    services.acknowledge(incident, by=person("tech-lead"), at=after(minutes=11))
    incident.refresh_from_db()
    assert incident.status == "acknowledged"
    assert incident.commander == person("dev2")


def test_whoever_answers_first_of_two_is_told_that_another_must(policy, declare):
    change(policy, answers=2)
    incident = declare("P1")

    said = acknowledged(incident, by=person("dev2"), at=after(minutes=1), via="sms", how=How.REPLY)

    assert "1" in said
    assert "2" in said
    incident.refresh_from_db()
    assert incident.status == "triggered"


def test_the_room_shows_when_the_next_call_is_due(policy, client, commander):
    incident = services.declare("출금 지연", severity="P1", by=commander, at=clock.now())
    client.force_login(commander)

    due = client.get(incident.get_absolute_url()).context["due"]
    assert due[0].at == incident.escalate_at
    assert len(due) == 3


def test_one_person_does_not_answer_for_two(policy, declare):
    change(policy, answers=2)
    incident = declare("P1")
    for minute in (1, 2):
        services.acknowledge(incident, by=person("dev2"), at=after(minutes=minute))

    incident.refresh_from_db()
    assert incident.status == "triggered"
    assert kinds(incident).count("answered") == 1


def test_an_answer_after_which_nothing_is_done_lapses_and_calls_again(policy, declare):
    change(policy, lasts=timedelta(minutes=20))
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    assert services.lapse_answers(at=after(minutes=20)) == 0
    assert services.lapse_answers(at=after(minutes=21)) == 1
    incident.refresh_from_db()
    assert incident.status == "triggered"
    assert incident.respond_by == after(minutes=51)
    assert incident.escalate_at == after(minutes=26)
    assert names(incident, step="1") == ["dev1", "dev2"]
    assert last_event(incident, "answer_lapsed").data == {"name": "윤서아", "minutes": 20}


def test_whoever_does_something_keeps_the_answer_alive(policy, declare):
    change(policy, lasts=timedelta(minutes=20))
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    services.note(incident, "로그 확인 중", by=person("dev2"), at=after(minutes=15))

    services.lapse_answers(at=after(minutes=21))
    incident.refresh_from_db()
    assert (incident.status, incident.answer_lapses_at) == ("acknowledged", after(minutes=35))
    assert services.lapse_answers(at=after(minutes=35)) == 1


def test_what_is_written_down_late_is_a_deed_of_now(policy, declare):
    change(policy, lasts=timedelta(minutes=20))
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    services.note(
        incident, "그때 재시작했어요", by=person("dev1"), at=after(minutes=20),
        happened_at=after(minutes=0),
    )  # fmt: skip

    services.lapse_answers(at=after(minutes=21))
    incident.refresh_from_db()
    assert (incident.status, incident.answer_lapses_at) == ("acknowledged", after(minutes=40))


def test_mitigated_is_under_way_and_never_lapses(policy, declare):
    change(policy, lasts=timedelta(minutes=20))
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    services.mitigate(incident, by=person("dev1"), at=after(minutes=2))

    assert services.lapse_answers(at=after(hours=3)) == 0


def test_a_running_incident_keeps_its_version_until_it_is_changed_on_purpose(
    policy, declare, commander
):
    incident = declare("P1")
    EscalationStep.objects.filter(policy=policy, place=1).delete()
    publish(policy, by=commander, at=after(minutes=1))
    call(incident, minutes=5)
    assert names(incident, step="1") == ["tech-lead"]  # as it was said

    assert apply_to_running(policy, by=commander, at=after(minutes=6)) == 1
    incident.refresh_from_db()
    assert (incident.escalation.number, incident.escalate_at) == (2, None)
    assert apply_to_running(policy, by=commander, at=after(minutes=7)) == 0


def test_publishing_what_has_not_changed_makes_no_version(policy):
    assert publish(policy, by=None, at=after(hours=1)).number == 1


def test_a_policy_without_a_step_is_refused(seeded):
    empty = EscalationPolicy.objects.create(slug="e", name_ko="e", name_en="e")

    with pytest.raises(Refused):
        publish(empty, by=None, at=START)


def test_raising_by_hand_pages_only_the_difference_and_follows_the_new_policy(
    policy, declare, commander
):
    incident = declare("P1")
    call(incident, minutes=5)
    services.change_severity(incident, "P0", by=commander, at=after(minutes=6))
    incident.refresh_from_db()

    assert (incident.escalation, incident.escalate_at) == (None, None)
    assert len(pages(incident)) == Delivery.objects.about(incident.topic).count()


def test_the_console_saves_a_policy_as_a_version(seeded, client, commander):
    client.force_login(commander)
    body = {
        "slug": "nights", "name_ko": "야간", "name_en": "Nights", "repeats": "2", "answers": "1",
        "lasts": "", "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0",
        "steps-0-place": "0", "steps-0-wait": "00:05:00", "steps-0-severity_team": "on",
    }  # fmt: skip
    answer = client.post("/console/incidents/escalationpolicy/add/", body)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert EscalationPolicy.objects.get().current.plan["steps"] == [
        {"severity_team": True, "wait": 300}
    ]


def test_the_console_refuses_a_step_that_calls_nobody(seeded, client, commander):
    client.force_login(commander)
    body = {
        "slug": "nights", "name_ko": "야간", "name_en": "Nights", "repeats": "2", "answers": "1",
        "lasts": "", "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0",
        "steps-0-place": "0", "steps-0-wait": "00:05:00",
    }  # fmt: skip
    assert client.post("/console/incidents/escalationpolicy/add/", body).status_code == 200
    assert not EscalationPolicy.objects.exists()
