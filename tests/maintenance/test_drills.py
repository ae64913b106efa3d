"""Drills: planned, begun, ended, scored, and what they taught followed up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.gamedays import GAMEDAYS
from core import clock
from core.errors import Refused
from incidents.models import Incident
from incidents.services import acknowledge
from maintenance.domain.scoring import Mark, score
from maintenance.models import Drill, DrillState, Scenario
from maintenance.services import drilling
from notifications.models import Delivery
from postmortems.models import ActionItem
from teams.models import User


@pytest.fixture
def lead(seeded):
    return User.objects.create(username="lead", email="lead@company.com", role="commander")


def planned(lead, scenario="site-loss", way="tabletop", severity="P2"):
    at = clock.database_now() + timedelta(days=2)
    return drilling.plan(
        scenario=scenario, way=way, severity=severity, planned_at=at, by=lead,
        at=clock.database_now(),
    )  # fmt: skip


def test_what_never_came_about_is_not_met():
    marks = [Mark("acknowledged", 300, 300), Mark("resolved", 300, 301), Mark("rto", 9, None)]
    assert score(marks) == (1, 3)


def test_what_the_page_says_is_played_is_what_the_command_plays():
    assert set(GAMEDAYS) == set(Scenario)


def test_a_tabletop_opens_an_incident_marked_as_a_drill_and_is_scored_by_it(lead):
    drill = planned(lead)
    drilling.begin(drill, by=lead, at=clock.database_now())
    incident = Incident.objects.get(pk=drill.incident_id)
    assert incident.drill
    assert not Incident.objects.counted().filter(pk=incident.pk).exists()
    acknowledge(incident, by=lead, at=clock.database_now())
    drilling.end(drill, by=lead, at=clock.database_now())
    drill.refresh_from_db()
    assert drill.state == DrillState.DONE
    assert [(one.name, one.met) for one in drill.scored] == [
        ("acknowledged", True),
        ("resolved", True),
    ]
    incident.refresh_from_db()
    assert not incident.is_open


def test_ending_what_nobody_answered_is_no_answer(lead):
    drill = planned(lead)
    drilling.begin(drill, by=lead, at=clock.database_now())
    drilling.end(drill, by=lead, at=clock.database_now())
    assert [(one.name, one.met) for one in drill.scored] == [
        ("acknowledged", False),
        ("resolved", True),
    ]


def test_two_presses_begin_it_once(lead):
    drill, same = planned(lead), None
    same = Drill.objects.get(pk=drill.pk)
    drilling.begin(drill, by=lead, at=clock.database_now())
    with pytest.raises(Refused):
        drilling.begin(same, by=lead, at=clock.database_now())
    assert Incident.objects.filter(drill=True).count() == 1


def test_a_finding_is_kept_while_it_runs_and_becomes_an_action_item_of_whoever_found_it(lead):
    drill = planned(lead)
    with pytest.raises(Refused):
        drilling.note(drill, "too early", by=lead, at=clock.database_now())
    drilling.begin(drill, by=lead, at=clock.database_now())
    found = drilling.note(
        drill, "Nobody knew the standby's address.", by=lead, at=clock.database_now()
    )
    assert not ActionItem.objects.exists()
    drilling.end(drill, by=lead, at=clock.database_now())
    drilling.note(drill, "Write it down.", by=lead, at=clock.database_now())
    item = ActionItem.objects.get(description="Nobody knew the standby's address.")
    assert (item.person, item.postmortem.incident_id) == (lead, drill.incident_id)
    found.refresh_from_db()
    assert found.followed_at
    assert ActionItem.objects.filter(description="Write it down.").exists()


def test_one_that_is_broken_off_ends_its_incident_and_has_no_score(lead):
    drill = planned(lead)
    drilling.begin(drill, by=lead, at=clock.database_now())
    drilling.break_off(drill, by=lead, at=clock.database_now())
    assert not Incident.objects.get(pk=drill.incident_id).is_open
    assert (drill.state, drill.scored) == (DrillState.OFF, [])
    with pytest.raises(Refused):
        drilling.plan_again(drill)


def test_what_was_called_off_is_planned_again(lead):
    drill = planned(lead)
    drilling.call_off(drill, at=clock.database_now())
    drilling.plan_again(drill)
    drill.refresh_from_db()
    assert (drill.state, drill.ended_at) == (DrillState.PLANNED, None)


def test_whoever_leads_what_somebody_else_planned_is_told_once(lead, everyone):
    other = everyone["commander"]
    at = clock.database_now()
    drill = planned(lead)
    assert told(drill) == []
    drilling.change(drill, by=lead, at=at, lead=other)
    drilling.change(drill, by=lead, at=at, lead=lead)
    drilling.change(drill, by=lead, at=at, lead=other)
    assert told(drill) == [other]


def told(drill):
    rows = Delivery.objects.filter(topic=f"drill:{drill.pk}", template="drill_planned")
    return [row.recipient for row in rows]


def test_what_runs_is_not_changed(lead):
    drill = planned(lead)
    drilling.begin(drill, by=lead, at=clock.database_now())
    with pytest.raises(Refused):
        drilling.change(drill, by=lead, at=clock.database_now(), severity="P0")


def day(days):
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%dT%H:%M}"


def test_one_plans_changes_begins_and_ends_it_on_the_page(browser, everyone):
    page = browser("commander")
    given = {"scenario": "database", "way": "tabletop", "severity": "P2", "planned_at": day(1)}
    answer = page.post("/drills/plan/", given)
    drill = Drill.objects.get()
    assert answer.url == drill.get_absolute_url()
    assert drill.lead == everyone["commander"]
    moments = (day(-1), "", "0001-01-01T00:00", "9999-12-31T23:59")
    for nonsense in ({"scenario": "weather"}, *({"planned_at": one} for one in moments)):
        assert page.post("/drills/plan/", {**given, **nonsense}).status_code == 422
    here = f"/drills/{drill.pk}"
    assert page.post(f"{here}/change/", {**given, "planned_at": day(-1)}).status_code == 422
    page.post(f"{here}/change/", {**given, "severity": "P3"})
    page.post(f"{here}/begin/")
    page.post(f"{here}/end/")
    page.post(f"{here}/note/", {"text": "Write the number down."})
    assert "Write the number down." in page.get(f"{here}/").content.decode()
    assert str(drill) in page.get("/drills/").content.decode()
    drill.refresh_from_db()
    assert (drill.severity, drill.state) == ("P3", DrillState.DONE)


def test_who_may_only_read_sees_no_button(browser, lead):
    drill = planned(lead)
    shown = browser("viewer").get(drill.get_absolute_url()).content.decode()
    assert f"{drill.get_absolute_url()}begin/" not in shown
    assert "/drills/plan/" not in browser("viewer").get("/drills/").content.decode()
