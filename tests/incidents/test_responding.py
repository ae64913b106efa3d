import pytest
from django.db import transaction

from core.errors import Refused
from incidents import services
from incidents.models import Incident, SeverityPolicy
from incidents.services import AlreadyMoved
from notifications.models import Delivery, State
from tests.incidents.conftest import after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db


def stale(incident):
    """The incident as somebody saw it before."""
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize("title", ["", "   ", "\n"])
def test_an_incident_needs_a_title(commander, title):
    with pytest.raises(Refused):
        services.declare(title, severity="P1", by=commander, at=after())
    assert not Incident.objects.exists()


def test_declaring_pages_the_team_and_says_who_did_it(declare, commander):
    incident = declare("P1")

    assert kinds(incident) == ["declared", "paged"]
    assert last_event(incident, "declared").actor_user == commander
    assert pages(incident) == {
        (name, channel)
        for name in ("tech-lead", "dev1", "dev2", "devops")
        for channel in ("sms", "slack", "email")
    }


def test_a_declared_severity_is_a_persons_decision(declare):
    assert declare("P3").severity_by_person


def test_acknowledging_a_stale_incident_is_told_the_fresh_state(declare, commander):
    incident = declare()
    seen = stale(incident)
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))

    with pytest.raises(AlreadyMoved) as moved:
        services.acknowledge(seen, by=commander, at=after(minutes=2))

    assert moved.value.incident.status == "acknowledged"
    assert moved.value.incident.acknowledged_by == person("dev1")
    assert kinds(incident).count("status") == 1


@pytest.mark.parametrize("name", ["acknowledge", "mitigate", "resolve"])
def test_what_is_resolved_can_only_be_reopened(declare, commander, name):
    incident = declare()
    services.resolve(incident, by=commander, at=after(minutes=1))

    with pytest.raises(AlreadyMoved):
        getattr(services, name)(incident, by=commander, at=after(minutes=2))


def test_what_is_open_cannot_be_reopened(declare, commander):
    with pytest.raises(AlreadyMoved):
        services.reopen(declare(), by=commander, at=after(minutes=1))


def test_who_acknowledges_first_commands(declare):
    incident = declare()
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1), via="email")

    incident = stale(incident)
    assert incident.commander == incident.acknowledged_by == person("dev1")
    assert incident.acknowledged_at == after(minutes=1)
    assert last_event(incident, "status").data == {
        "from": "triggered", "to": "acknowledged", "via": "email", "how": "link",
    }  # fmt: skip


def test_acknowledging_withdraws_what_has_not_been_sent(declare, commander):
    incident = declare()
    sent = Delivery.objects.about(incident.topic).first()
    Delivery.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=after(seconds=9))

    services.acknowledge(incident, by=commander, at=after(minutes=1))

    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states.pop(sent.pk) == "sent"
    assert set(states.values()) == {"cancelled"}


def test_acknowledging_withdraws_what_is_just_being_sent(declare, commander):
    incident = declare()
    Delivery.objects.update(state=State.LEASED, lease_until=after(seconds=30), lease_token="0" * 32)

    services.acknowledge(incident, by=commander, at=after(seconds=1))

    assert not Delivery.objects.undone().exists()


def test_pages_of_another_incident_go_on(declare, commander):
    first, second = declare(), declare()
    services.acknowledge(first, by=commander, at=after(minutes=1))

    assert Delivery.objects.about(second.topic).undone().count() == 12


@pytest.mark.parametrize("name", ["mitigate", "resolve"])
def test_who_ends_it_without_a_word_has_answered(declare, commander, name):
    incident = declare()
    getattr(services, name)(incident, by=commander, at=after(minutes=3))

    assert stale(incident).acknowledged_at == after(minutes=3)
    assert stale(incident).acknowledged_by == commander


def test_all_times_are_kept(declare, commander):
    incident = declare()
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    services.mitigate(incident, by=commander, at=after(minutes=2))
    services.resolve(incident, by=commander, at=after(minutes=3))

    times = Incident.objects.values_list("acknowledged_at", "mitigated_at", "resolved_at").get()
    assert times == (after(minutes=1), after(minutes=2), after(minutes=3))
    assert kinds(incident) == ["declared", "paged", "status", "status", "status"]


def test_reopening_starts_the_clocks_anew_and_pages_again(declare, commander):
    incident = declare()
    assert incident.status_name == "발생"
    services.resolve(incident, by=commander, at=after(minutes=3))
    first = pages(incident, step="0")

    services.reopen(incident, by=commander, at=after(hours=5))

    incident = stale(incident)
    assert (incident.status, incident.status_name) == ("triggered", "재발생")
    assert incident.acknowledged_at is incident.mitigated_at is incident.resolved_at is None
    assert incident.respond_by == after(hours=5, minutes=30)
    assert incident.resolve_by == after(hours=9)
    assert pages(incident, step="1") == first
    assert kinds(incident)[-2:] == ["status", "paged"]


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_a_note_needs_words(declare, commander, text):
    with pytest.raises(Refused):
        services.note(declare(), text, by=commander, at=after())


def test_a_note_is_kept_as_it_was_written(declare, commander):
    incident = declare()
    services.note(incident, " 지갑 노드 재시작 중 🔥 <b> ", by=commander, at=after(minutes=1))

    event = last_event(incident, "note")
    assert event.data == {"text": "지갑 노드 재시작 중 🔥 <b>"}
    assert (event.actor, event.at) == (commander.name, after(minutes=1))


def test_a_note_may_be_added_when_it_is_over(declare, commander):
    incident = declare()
    services.resolve(incident, by=commander, at=after(minutes=1))
    services.note(incident, "뒷이야기", by=commander, at=after(days=1))

    assert kinds(incident)[-1] == "note"


def test_nobody_to_page_is_said_on_the_timeline(declare):
    SeverityPolicy.objects.filter(severity="P1").update(team=None)

    assert kinds(declare("P1")) == ["declared", "nobody_to_page"]


def test_an_answer_and_its_withdrawal_are_one(declare, commander):
    incident = declare()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.acknowledge(incident, by=commander, at=after(minutes=1))
        raise ZeroDivisionError

    assert stale(incident).status == "triggered"
    assert Delivery.objects.undone().count() == 12
