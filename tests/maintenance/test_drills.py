"""Drills: planned, begun, ended, scored, and what they taught followed up."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from config.gamedays import GAMEDAYS
from core import clock
from core.errors import Refused
from incidents.models import Incident
from incidents.services import acknowledge
from maintenance.domain.scoring import Mark, score
from maintenance.models import Drill, DrillState, Scenario
from maintenance.services import drilling
from postmortems.models import ActionItem
from teams.models import User


@pytest.fixture
def lead(seeded):
    return User.objects.create(username="lead", email="lead@company.com", role="commander")


def planned(lead, scenario="site-loss", way="tabletop", severity="P2"):
    at = clock.database_now() + timedelta(days=2)
    return drilling.plan(scenario=scenario, way=way, severity=severity, planned_at=at, by=lead)


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


def test_two_presses_begin_it_once(lead):
    drill, same = planned(lead), None
    same = Drill.objects.get(pk=drill.pk)
    drilling.begin(drill, by=lead, at=clock.database_now())
    with pytest.raises(Refused):
        drilling.begin(same, by=lead, at=clock.database_now())
    assert Incident.objects.filter(drill=True).count() == 1


def test_a_finding_becomes_an_action_item_of_whoever_found_it(lead):
    drill = planned(lead)
    with pytest.raises(Refused):
        drilling.note(drill, "too early", by=lead, at=clock.database_now())
    drilling.begin(drill, by=lead, at=clock.database_now())
    drilling.end(drill, by=lead, at=clock.database_now())
    found = drilling.note(
        drill, "Nobody knew the standby's address.", by=lead, at=clock.database_now()
    )
    item = ActionItem.objects.get(description="Nobody knew the standby's address.")
    assert (item.person, item.postmortem.incident_id) == (lead, drill.incident_id)
    assert found.followed_at


def test_a_game_day_takes_the_planned_one_and_keeps_what_it_told_also_when_it_fails(
    lead, settings, monkeypatch
):
    drill = planned(lead, "network", "sandbox")

    def well(say, between):
        say("00:00  all is well")
        return "named and healed"

    monkeypatch.setitem(GAMEDAYS, "network", well)
    call_command("gameday", "network")
    drill.refresh_from_db()
    assert (drill.state, drill.told) == (DrillState.DONE, "00:00  all is well")

    def ill(say, between):
        raise Refused("This is played in the sandbox only.")

    monkeypatch.setitem(GAMEDAYS, "network", ill)
    with pytest.raises(CommandError):
        call_command("gameday", "network")
    assert Drill.objects.exclude(pk=drill.pk).get().state == DrillState.FAILED


def test_one_plans_begins_and_ends_it_on_the_page(browser, everyone):
    page = browser("commander")
    given = {"scenario": "database", "way": "tabletop", "severity": "P2", "planned_at": "2026-12-01T10:00"}  # fmt: skip
    answer = page.post("/drills/plan/", given)
    drill = Drill.objects.get()
    assert answer.url == drill.get_absolute_url()
    for wrong in ({"scenario": "weather"}, {"planned_at": "0001-01-01T00:00"}):
        assert page.post("/drills/plan/", given | wrong).status_code == 422
    page.post(f"/drills/{drill.pk}/begin/")
    page.post(f"/drills/{drill.pk}/end/")
    page.post(f"/drills/{drill.pk}/note/", {"text": "Write the number down."})
    assert "Write the number down." in page.get(f"/drills/{drill.pk}/").content.decode()
    assert str(drill) in page.get("/drills/").content.decode()
