"""Nobody answers in time: one severity up, and paged again. Late, twice, or twice at once."""

import pytest

from incidents import services
from incidents.models import Incident, SeverityPolicy
from notifications.models import Delivery, State
from teams.models import User
from tests.incidents.conftest import after, kinds, last_event, pages, person

pytestmark = pytest.mark.django_db

P1_TEAM = {"tech-lead", "dev1", "dev2", "devops"}
P0_TEAM = {"cto", "senior-dev", "devops-lead", "security-lead"}
LOUD = {"voice", "sms", "slack", "email"}


def names(found):
    return {name for name, _ in found if name}


def escalate(incident, **span):
    done = services.escalate_due(at=after(**span))
    incident.refresh_from_db()
    return done


def test_before_its_time_nothing_happens(declare):
    incident = declare("P1")

    assert escalate(incident, minutes=29, seconds=59) == 0
    assert kinds(incident) == ["declared", "paged"]


@pytest.mark.parametrize("answer", ["acknowledge", "mitigate", "resolve"])
def test_what_was_answered_is_not_escalated(declare, commander, answer):
    incident = declare("P1")
    getattr(services, answer)(incident, by=commander, at=after(minutes=29))

    assert escalate(incident, minutes=31) == 0
    assert incident.page_round == 0


def test_an_unanswered_p1_becomes_a_p0(declare):
    incident = declare("P1")

    assert escalate(incident, minutes=30) == 1
    assert incident.severity == "P0"
    assert incident.respond_by == after(minutes=45)
    assert incident.resolve_by == after(hours=2)
    assert incident.response_breached


def test_it_is_sent_again_by_the_graver_channels_to_all_who_were_and_are_concerned(declare):
    incident = declare("P1")
    escalate(incident, minutes=30)

    again = pages(incident, step="1")
    assert names(again) == P0_TEAM | P1_TEAM  # the P1 contact, the CTO, leads the P0 team
    assert {channel for name, channel in again if name == "dev1"} == LOUD
    assert (None, "webhook") in again


def test_the_timeline_says_who_was_silent_how_long(declare):
    incident = declare("P1")
    escalate(incident, minutes=30)

    assert kinds(incident) == ["declared", "paged", "escalated", "paged"]
    assert last_event(incident, "escalated").data == {"old": "P1", "new": "P0", "minutes": 30}
    assert last_event(incident, "paged").data["why"] == "escalated"


def test_an_unanswered_p0_stays_one_and_reaches_its_contact(declare):
    incident = declare("P0")
    escalate(incident, minutes=15)

    assert incident.severity == "P0"
    assert incident.respond_by == after(minutes=30)
    assert names(pages(incident, step="1")) == P0_TEAM | {"ceo"}
    assert last_event(incident, "escalated").data["old"] == "P0"


def test_a_p0_rings_again_every_quarter_of_an_hour_until_somebody_answers(declare, commander):
    incident = declare("P0")
    for minutes in (15, 30, 45):
        assert escalate(incident, minutes=minutes) == 1
    services.acknowledge(incident, by=commander, at=after(minutes=46))

    assert escalate(incident, minutes=60) == 0
    assert incident.page_round == 3


def test_a_p3_climbs_step_by_step(declare):
    incident = declare("P3")
    climbed = []
    for hours in (24, 26, 26.5):
        escalate(incident, hours=hours)
        climbed.append(incident.severity)

    assert climbed == ["P2", "P1", "P0"]


def test_escalating_twice_at_the_same_moment_does_it_once(declare):
    incident = declare("P1")

    assert [escalate(incident, minutes=30), escalate(incident, minutes=30)] == [1, 0]
    assert kinds(incident).count("escalated") == 1


def test_escalating_late_gives_the_next_ones_their_full_time(declare):
    incident = declare("P1")
    escalate(incident, hours=3)

    assert incident.respond_by == after(hours=3, minutes=15)
    assert incident.page_round == 1


def test_a_contact_who_left_is_not_paged(declare):
    User.objects.filter(username="ceo").update(is_active=False)
    incident = declare("P0")
    escalate(incident, minutes=15)

    assert names(pages(incident, step="1")) == P0_TEAM


def test_without_any_team_the_silence_itself_is_told(declare):
    SeverityPolicy.objects.update(team=None)
    incident = declare("P1")
    escalate(incident, minutes=30)

    assert kinds(incident) == ["declared", "nobody_to_page", "escalated", "nobody_to_page"]


def test_a_team_taken_away_leaves_those_who_were_paged_before(declare):
    incident = declare("P1")
    SeverityPolicy.objects.update(team=None)
    escalate(incident, minutes=30)

    assert names(pages(incident, step="1")) == P1_TEAM


def test_pages_of_the_round_before_are_not_stopped_by_a_new_one(declare):
    incident = declare("P1")
    escalate(incident, minutes=30)

    assert pages(incident, step="0", state=State.PENDING)


def test_a_missed_resolution_is_said_once_and_reaches_the_contact(declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=1))
    before = pages(incident)

    marked = [services.mark_unresolved(at=after(hours=hours)) for hours in (3.99, 4, 5)]

    assert marked == [0, 1, 0]
    assert kinds(incident)[-2:] == ["resolution_missed", "paged"]
    assert last_event(incident, "resolution_missed").data == {"minutes": 240}
    assert names(pages(incident) - before) == {"cto"}


def test_a_resolution_in_time_is_not_missed(declare, commander):
    incident = declare("P1")
    services.resolve(incident, by=commander, at=after(hours=3))

    assert services.mark_unresolved(at=after(hours=5)) == 0


def test_more_than_a_batch_is_done_in_turns(seeded, commander):
    for _ in range(103):
        services.declare("t", severity="P3", by=commander, at=after())

    done = [services.escalate_due(at=after(hours=25)) for _ in range(3)]

    assert done == [100, 3, 0]
    assert set(Incident.objects.values_list("severity", flat=True)) == {"P2"}
    assert not Delivery.objects.filter(step="1", channel="sms").exists()
