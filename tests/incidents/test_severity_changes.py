"""Severity can change at any time: clocks and pages follow, and no page repeats."""

import pytest

from incidents import services
from incidents.models import EscalationPolicy, EscalationStep, Incident, SeverityPolicy
from incidents.services import AlreadyMoved
from incidents.services.publishing import publish
from notifications.models import Delivery, State
from tests.incidents.conftest import after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db


def change(incident, severity, by, minutes=1, **said):
    services.change_severity(incident, severity, by=by, at=after(minutes=minutes), **said)
    return Incident.objects.get(pk=incident.pk)


def all_sent():
    Delivery.objects.undone().update(state=State.SENT, sent_at=after(seconds=30))


def test_the_same_severity_again_changes_nothing(declare, commander):
    incident = declare("P1")
    change(incident, "P1", commander)

    assert kinds(incident) == ["declared", "paged"]


def test_a_stale_view_does_not_overwrite_a_newer_severity(declare, commander):
    incident = declare("P2")
    seen = Incident.objects.get()
    change(incident, "P0", commander)

    with pytest.raises(AlreadyMoved):
        change(seen, "P3", commander)
    assert Incident.objects.get().severity == "P0"


def test_what_is_over_keeps_its_severity(declare, commander):
    incident = declare("P2")
    services.resolve(incident, by=commander, at=after(minutes=1))

    with pytest.raises(AlreadyMoved):
        change(incident, "P0", commander, minutes=2)
    assert kinds(incident)[-1] == "status"


def test_graver_pages_only_the_difference(declare, commander):
    incident = declare("P2")
    before = pages(incident)
    all_sent()

    change(incident, "P1", commander)

    new = pages(incident, state=State.PENDING)
    assert before == {("tech-lead", "slack"), ("tech-lead", "email")}
    assert ("tech-lead", "sms") in new
    assert ("dev1", "email") in new
    assert not new & before


def test_nobody_is_paged_twice_by_a_channel_in_one_round(declare, commander):
    incident = declare("P3")
    for minute, severity in enumerate(["P2", "P1", "P0", "P2", "P0", "P3", "P0"], 1):
        change(incident, severity, commander, minutes=minute)

    rows = list(Delivery.objects.values_list("recipient", "channel", "address"))
    assert len(rows) == len(set(rows))


def test_the_line_on_the_timeline_names_only_who_is_paged_now(declare, commander):
    incident = declare("P2")
    change(incident, "P1", commander)

    people = last_event(incident, "paged").data["people"]
    lead = next(entry for entry in people if entry["name"] == "최민재")
    assert lead["channels"] == ["sms"]


def test_milder_withdraws_the_louder_channels(declare, commander):
    incident = declare("P0")
    change(incident, "P3", commander)

    still = {channel for _, channel in pages(incident, state=State.PENDING)}
    gone = {channel for _, channel in pages(incident, state=State.CANCELLED)}
    assert still == {"email", "webhook"}
    assert gone == {"voice", "sms", "slack"}


def test_what_was_withdrawn_unsent_is_sent_when_it_turns_grave_again(declare, commander):
    incident = declare("P0")
    change(incident, "P3", commander, minutes=1)
    change(incident, "P0", commander, minutes=2)

    waiting = pages(incident, state=State.PENDING)
    assert {("cto", "voice"), ("cto", "sms"), ("cto", "slack")} <= waiting
    assert not pages(incident, state=State.CANCELLED)


def test_what_an_answer_withdrew_stays_withdrawn(declare, commander):
    incident = declare("P2")
    services.acknowledge(incident, by=commander, at=after(minutes=1))
    change(incident, "P1", commander, minutes=2)

    assert pages(incident, state=State.CANCELLED) == {
        ("tech-lead", "slack"),
        ("tech-lead", "email"),
    }
    assert ("tech-lead", "sms") in pages(incident, state=State.PENDING)


def test_what_is_sent_after_all_says_the_new_severity(declare, commander):
    incident = declare("P0")
    change(incident, "P3", commander, minutes=1)
    change(incident, "P0", commander, minutes=2)

    rang = Delivery.objects.get(recipient__username="cto", channel="voice")
    assert (rang.context["severity"], rang.context["why"]) == ("P0", "severity")
    assert rang.due_at == after(minutes=2)


def test_what_was_sent_before_it_was_withdrawn_is_not_sent_again(declare, commander):
    incident = declare("P0")
    all_sent()
    change(incident, "P3", commander, minutes=1)
    change(incident, "P0", commander, minutes=2)

    assert not Delivery.objects.undone().exists()
    assert kinds(incident) == ["declared", "paged", "severity", "severity"]


def test_the_clocks_follow_from_when_people_were_told_and_from_detection(declare, commander):
    incident = change(declare("P2"), "P0", commander, minutes=10)

    assert incident.response_since == after(minutes=10)
    assert incident.respond_by == after(minutes=25)
    assert incident.resolve_by == after(hours=2)


def test_an_answer_that_came_is_judged_by_its_own_promise(declare, commander):
    incident = declare("P2")
    services.acknowledge(incident, by=commander, at=after(minutes=5))
    incident = change(incident, "P0", commander, minutes=10)

    assert incident.respond_by == after(hours=2)
    assert incident.resolve_by == after(hours=2)


def test_why_it_was_changed_is_kept(declare, commander):
    incident = declare("P2")
    change(incident, "P1", commander, reason="전 고객 영향")

    event = last_event(incident, "severity")
    assert event.data == {"old": "P2", "new": "P1", "reason": "전 고객 영향"}
    assert event.actor_user == commander


def test_graver_after_an_answer_calls_whom_the_graver_severity_names(declare, commander):
    policy = EscalationPolicy.objects.create(slug="p0", name_ko="p0", name_en="p0")
    EscalationStep.objects.create(policy=policy).people.add(person("ceo"))
    publish(policy, by=None, at=after(minutes=-1))
    SeverityPolicy.objects.filter(severity="P0").update(escalation=policy)
    incident = declare("P2")
    services.acknowledge(incident, by=commander, at=after(minutes=1))

    change(incident, "P0", commander, minutes=2)

    assert {who for who, _channel in pages(incident, created_at=after(minutes=2))} == {"ceo"}
