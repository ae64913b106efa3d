"""An incident's room shows its actions, and those that wait for somebody first."""

import pytest

from core import clock
from incidents import services as incidents
from runbooks.services import approve, execute_next
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(everyone):
    return incidents.declare("출금 지연", severity="P1", by=everyone["responder"], at=clock.now())


def said(answer):
    return answer.content.decode()


def test_a_room_without_actions_says_nothing_of_them(incident, browser):
    shown = said(browser("commander").get(incident.get_absolute_url()))

    assert 'id="actions"' not in shown


def test_what_waits_stands_among_what_is_looked_at_first(writing, switched_on, incident, browser):
    action = writing(incident=incident, at_least=1)
    writing("elsewhere", at_least=1)

    shown = said(browser("commander").get(incident.get_absolute_url()))

    people = shown[shown.index('id="people"') : shown.index('id="timeline"')]
    assert "write one" in people
    assert f"/actions/{action.pk}/approve/" in people
    assert "elsewhere" not in shown


def test_a_viewer_is_offered_nothing(writing, switched_on, incident, browser):
    action = writing(incident=incident, at_least=1)

    shown = said(browser("viewer").get(incident.get_absolute_url()))

    assert "write one" in shown
    assert f"/actions/{action.pk}/approve/" not in shown


def test_the_room_learns_of_an_approval_and_of_what_came_of_it(
    writing, switched_on, incident, browser, everyone
):
    action = writing(incident=incident, at_least=1)
    client = browser("viewer")
    room = incident.get_absolute_url()
    live = f"{room}live/?v={client.get(room).context['incident']['version']}"
    assert client.get(live, headers={"HX-Request": "true"}).status_code == 204

    approve(action, by=everyone["manager"], at=clock.now())
    execute_next(at=clock.database_now())

    shown = said(client.get(live, headers={"HX-Request": "true"}))
    assert "actions-waiting" not in shown
    assert "완료: write one." in shown
    assert 'id="actions"' in shown


def test_a_room_costs_the_same_with_many_actions(writing, switched_on, incident, browser, everyone):
    found = []
    for count in (2, 20):
        for n in range(count):
            action = writing(f"{count}-{n}", incident=incident, at_least=2, sun=0)
            approve(action, by=everyone["manager"], at=clock.now())
            writing(f"{count}-{n}-done", incident=incident, sun=0)
            execute_next(at=clock.database_now())
        found.append(cost(browser("commander"), incident.get_absolute_url()))

    assert found[0] == found[1]


def test_whoever_approved_it_is_asked_no_more_and_their_equals_still_are(
    writing, switched_on, incident, browser, everyone
):
    for by in (None, everyone["commander"]):
        action = writing(f"by {by}", incident=incident, at_least=2, by=by)
        approve(action, by=everyone["manager"], at=clock.now())
        live = f"{incident.get_absolute_url()}live/?v=0"
        asks = {
            name: f"/actions/{action.pk}/approve/" in said(browser(name).get(live))
            for name in ("manager", "commander", "administrator", "manager", "viewer")
        }
        assert asks == {
            "manager": False, "commander": by is None, "administrator": True, "viewer": False,
        }  # fmt: skip
