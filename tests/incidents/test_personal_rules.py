"""What people wish, and when they sleep: pages that wait, and are withdrawn, brought forward or replaced."""

from datetime import timedelta

import pytest
from django.utils import translation

from incidents import services
from incidents.models import Event, Incident
from incidents.narration import narrate
from notifications.models import Delivery, Lane, State
from teams.models import Team, User
from teams.rules import NotificationRule
from tests.incidents.conftest import START, person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def wish(grave=True, **minutes):
    for channel, wait in minutes.items():
        NotificationRule.objects.create(
            user=person("dev1"), grave=grave, channel=channel, minutes=wait
        )


@pytest.fixture
def asleep():
    """Until an hour after the start, and called for a P2 as for a P1."""
    Team.objects.get(slug="p2").members.add(person("dev1"))
    User.objects.filter(username="dev1").update(
        time_zone="UTC",
        quiet_from=(START - timedelta(hours=2)).time(),
        quiet_to=(START + timedelta(hours=1)).time(),
    )


def declare(commander, severity):
    return services.declare("출금 지연", severity=severity, by=commander, at=START)


def own(incident, state=None):
    rows = Delivery.objects.about(incident.topic).filter(
        lane=Lane.PAGE, recipient=person("dev1"), step=str(fresh(incident).page_round)
    )
    rows = rows.filter(state=state) if state else rows.exclude(state=State.CANCELLED)
    return {row.channel: (row.due_at - START) / MINUTE for row in rows}


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def said(incident):
    last = Event.objects.filter(incident=incident, kind="paged").last()
    return narrate(last)


def test_the_call_comes_two_minutes_after_the_message_and_not_after_an_answer(commander):
    wish(slack=0, voice=2)
    incident = declare(commander, "P1")

    assert own(incident) == {"slack": 0, "voice": 2, "sms": 5, "email": 5}
    with translation.override("en"):
        assert "voice in 2 min" in said(incident)

    services.acknowledge(fresh(incident), by=commander, at=START + MINUTE)
    assert own(incident) == {}


def test_quiet_hours_hold_a_p2_until_they_end_and_the_timeline_says_so(commander, asleep):
    incident = declare(commander, "P2")

    assert set(own(incident).values()) == {60.0}
    with translation.override("en"):
        assert "held until" in said(incident)


def test_a_p1_knows_no_quiet_hours(commander, asleep):
    assert set(own(declare(commander, "P1")).values()) == {0.0}


def test_what_is_held_goes_at_once_when_it_turns_grave(commander, asleep):
    incident = declare(commander, "P2")

    services.change_severity(fresh(incident), "P1", by=commander, at=START + MINUTE)

    assert own(incident) == {"sms": 1, "slack": 1, "email": 1}
    words = Delivery.objects.get(
        topic=incident.topic, recipient=person("dev1"), channel="email"
    ).context
    assert words["severity"] == "P1"


def test_what_waits_sooner_than_the_new_severity_would_call_is_left_as_it_is(commander):
    wish(slack=0, voice=2)
    incident = declare(commander, "P1")

    services.change_severity(fresh(incident), "P0", by=commander, at=START + MINUTE)

    assert own(incident) == {"slack": 0, "voice": 2, "sms": 5, "email": 5}


def test_an_unanswered_p2_that_is_sent_up_replaces_what_was_held_until_the_morning(
    commander, asleep
):
    incident = declare(commander, "P2")
    held = Delivery.objects.about(incident.topic).filter(recipient=person("dev1"))
    assert held.filter(state=State.PENDING).count() == 2
    Incident.objects.filter(pk=incident.pk).update(respond_by=START + MINUTE)

    services.escalate_due(at=START + MINUTE)

    assert fresh(incident).severity == "P1"
    assert own(incident) == {"sms": 1, "slack": 1, "email": 1}
    assert not held.filter(step="0").exclude(state=State.CANCELLED).exists()


def test_a_wish_for_the_milder_severity_is_kept_when_it_turns_milder(commander):
    wish(slack=0, voice=2)
    wish(grave=False, voice=0)
    incident = declare(commander, "P1")

    services.change_severity(fresh(incident), "P2", by=commander, at=START + MINUTE)

    assert set(own(incident)) == {"slack", "voice", "email"}


def test_a_wish_for_a_way_that_is_switched_off_leaves_the_severitys_own(commander):
    wish(voice=0)
    person("dev1").contacts.filter(channel="voice").update(enabled=False)

    assert own(declare(commander, "P1")) == {"sms": 0, "slack": 0, "email": 0}
