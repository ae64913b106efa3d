"""What became of the pages, on the timeline."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from notifications.models import Delivery, State
from tests.incidents.conftest import after, kinds, last_event

pytestmark = pytest.mark.django_db


def finish(state=State.SENT, **which):
    fields = {"state": state}
    if state == State.SENT:
        fields |= {"sent_at": after(seconds=3), "provider_id": "id-1"}
    else:
        fields |= {"error": "550 No such mailbox", "attempts": 2}
    Delivery.objects.filter(**which).update(**fields)


def note_outcomes():
    return services.note_outcomes(at=after(seconds=10))


def test_what_is_still_on_its_way_is_not_told(declare):
    incident = declare("P2")

    assert note_outcomes() == 0
    assert kinds(incident) == ["declared", "paged"]


def test_what_was_withdrawn_is_not_told(declare):
    declare("P2")
    finish(State.CANCELLED)

    assert note_outcomes() == 0


def test_all_that_was_handed_over_since_the_last_look_is_one_line(declare):
    incident = declare("P1")
    finish()

    assert note_outcomes() == 12
    assert kinds(incident) == ["declared", "paged", "page_sent"]
    people = last_event(incident, "page_sent").data["people"]
    assert {entry["name"] for entry in people} == {"최민재", "윤서아", "Daniel Reyes", "강시우"}
    assert all(sorted(entry["channels"]) == ["email", "slack", "sms"] for entry in people)
    assert people[0]["provider_ids"] == ["id-1"] * 3


def test_fifty_incidents_cost_what_two_do(declare):
    costs = []
    for count in (2, 50):
        made = [declare("P2") for _ in range(count)]
        finish()
        with CaptureQueriesContext(connection) as queries:
            assert note_outcomes() == count * 2
        costs.append(len(queries))
        Delivery.objects.all().delete()

    assert costs[0] == costs[1]
    assert {last_event(incident, "page_sent").seq for incident in made} == {3}
    call_command("verify_timeline")


def test_each_failure_is_a_line_of_its_own_with_its_reason(declare):
    incident = declare("P2")
    finish(State.FAILED)
    note_outcomes()

    assert kinds(incident) == ["declared", "paged", "page_failed", "page_failed"]
    assert last_event(incident, "page_failed").data == {
        "name": "최민재", "channel": "slack", "error": "550 No such mailbox", "attempts": 2,
    } | {"channel": last_event(incident, "page_failed").data["channel"]}  # fmt: skip


def test_an_outcome_is_told_once(declare):
    incident = declare("P2")
    finish()

    assert [note_outcomes(), note_outcomes()] == [2, 0]
    assert kinds(incident).count("page_sent") == 1


def test_outcomes_of_several_incidents_go_each_to_its_own(declare):
    incidents = [declare("P2") for _ in range(12)]
    finish()
    note_outcomes()

    assert all(kinds(each) == ["declared", "paged", "page_sent"] for each in incidents)


def test_a_later_outcome_is_told_later(declare):
    incident = declare("P2")
    finish(channel="email")
    note_outcomes()
    finish(channel="slack")
    note_outcomes()

    assert kinds(incident) == ["declared", "paged", "page_sent", "page_sent"]
