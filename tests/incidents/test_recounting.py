"""The severity changes, and with it how many must answer: those who have are counted anew."""

from datetime import timedelta

import pytest

from incidents import services
from incidents.models import Answer, EscalationPolicy, EscalationStep, SeverityPolicy
from incidents.services.publishing import publish
from monitoring.models import Alert
from notifications.models import Delivery, State
from tests.incidents.conftest import START, after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db


def needs(severity, answers, **more):
    """Its whole team at once, and so many of it must answer."""
    row = EscalationPolicy.objects.create(slug=severity.lower(), answers=answers, **more)
    for place in range(2):
        EscalationStep.objects.create(
            policy=row, place=place, wait=timedelta(minutes=5), severity_team=True
        )
    publish(row, by=None, at=START)
    SeverityPolicy.objects.filter(severity=severity).update(escalation=row)
    return row


@pytest.fixture
def two_for_p0(seeded):
    return needs("P0", 2)


def answer(incident, username, minute):
    services.acknowledge(incident, by=person(username), at=after(minutes=minute))
    incident.refresh_from_db()


def change(incident, severity, minute, by=None):
    services.change_severity(incident, severity, by=by, at=after(minutes=minute))
    incident.refresh_from_db()


def calling(incident):
    waiting = Delivery.objects.undone().filter(topic=incident.topic)
    return set(waiting.values_list("recipient__username", flat=True))


def test_lowered_to_where_one_answer_is_enough_it_is_acknowledged(two_for_p0, declare, commander):
    incident = declare("P0")
    answer(incident, "cto", 1)
    assert incident.status == "triggered"

    change(incident, "P1", 2, by=commander)
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", person("cto"))
    assert (incident.acknowledged_at, incident.escalate_at) == (after(minutes=2), None)
    assert not calling(incident)
    assert last_event(incident, "status").data["counted"] == 1
    assert services.escalate_due(at=after(hours=5)) == 0


def test_lowered_while_nobody_has_answered_it_goes_on_calling(two_for_p0, declare, commander):
    incident = declare("P0")
    change(incident, "P1", 2, by=commander)

    assert incident.status == "triggered"
    assert calling(incident)


def test_raised_to_where_two_must_answer_it_calls_everybody_else_again(
    two_for_p0, declare, commander
):
    needs("P1", 1)
    incident = declare("P1")
    Delivery.objects.update(state=State.SENT, sent_at=START)
    answer(incident, "tech-lead", 1)
    assert incident.status == "acknowledged"

    change(incident, "P0", 2, by=commander)
    assert (incident.status, incident.acknowledged_at) == ("triggered", None)
    assert (incident.respond_by, incident.escalate_at) == (after(minutes=17), after(minutes=7))
    assert last_event(incident, "answers_lacking").data == {"count": 1, "needed": 2}
    assert {"cto", "senior-dev"} <= calling(incident)
    assert "tech-lead" not in calling(incident)

    answer(incident, "cto", 3)
    assert incident.status == "acknowledged"
    assert not calling(incident)


def test_whoever_was_paged_before_the_rise_is_called_anew(seeded, declare, commander):
    needs("P2", 1)
    needs("P1", 2)
    incident = declare("P2")
    change(incident, "P1", 1, by=commander)
    Delivery.objects.update(state=State.SENT, sent_at=START)
    change(incident, "P2", 2, by=commander)
    answer(incident, "dev1", 3)

    change(incident, "P1", 4, by=commander)
    assert incident.page_round == 1
    assert ("dev2", "slack") in pages(incident, step="1")
    assert not pages(incident, step="1", recipient=person("dev1"))


def test_two_who_answered_a_milder_one_are_enough_for_the_graver(two_for_p0, declare, commander):
    needs("P1", 2)
    incident = declare("P1")
    answer(incident, "tech-lead", 1)
    answer(incident, "dev1", 2)

    change(incident, "P0", 3, by=commander)
    assert incident.status == "acknowledged"
    assert Answer.objects.filter(incident=incident).count() == 2


def test_what_is_under_way_calls_nobody_again(two_for_p0, declare, commander):
    incident = declare("P1")
    answer(incident, "tech-lead", 1)
    services.mitigate(incident, by=person("tech-lead"), at=after(minutes=2))

    change(incident, "P0", 3, by=commander)
    assert incident.status == "mitigated"


def test_an_alert_that_turns_graver_counts_them_too(two_for_p0, fire):
    incident = fire(severities=["high"])
    assert incident.severity == "P1"
    answer(incident, "tech-lead", 1)

    fire(at=after(minutes=2), severities=["critical"])
    incident.refresh_from_db()
    assert Alert.objects.get().severity == incident.severity == "P0"
    assert incident.status == "triggered"


def test_a_machine_that_answered_counts_for_all(two_for_p0, declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=None, at=after(minutes=1), actor="Opsgenie")
    incident.refresh_from_db()

    change(incident, "P0", 2, by=commander)
    assert incident.status == "acknowledged"


def test_how_long_an_answer_lasts_follows_the_new_severity(seeded, declare, commander):
    needs("P0", 1, lasts=timedelta(minutes=10))
    incident = declare("P1")
    answer(incident, "tech-lead", 1)
    assert incident.answer_lapses_at is None

    change(incident, "P0", 2, by=commander)
    assert incident.answer_lapses_at == after(minutes=12)
    change(incident, "P1", 3, by=commander)
    assert incident.answer_lapses_at is None


def test_one_that_goes_up_unanswered_is_paged_whoever_answered_before(seeded, declare):
    """Too few answered in time: that those of the graver severity hear of it is the point."""
    needs("P1", 2)
    incident = declare("P1")
    answer(incident, "dev1", 1)

    assert services.escalate_due(at=after(minutes=30)) == 1
    incident.refresh_from_db()
    assert (incident.severity, incident.status) == ("P0", "triggered")
    assert "cto" in calling(incident)
    assert kinds(incident)[-1] == "paged"
