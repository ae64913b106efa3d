"""What the API does, and what it answers to whoever comes too late."""

import pytest
from django.test import Client

from tests.incidents.conftest import INCIDENTS, post

pytestmark = pytest.mark.django_db


def test_an_incident_goes_through_its_life(api, three):
    number, states = three[0].number, []
    for move in ("acknowledge", "mitigate", "resolve", "reopen"):
        answer = post(api, f"{number}/{move}/")
        states.append((answer.status_code, answer.json()["status"]))

    assert states == [
        (200, "acknowledged"), (200, "mitigated"), (200, "resolved"), (200, "triggered"),
    ]  # fmt: skip


@pytest.mark.parametrize("move", ["acknowledge", "mitigate", "resolve", "severity"])
def test_who_comes_too_late_is_told_so_in_a_sentence(api, three, move):
    answer = post(api, f"{three[2].number}/{move}/", severity="P0")

    assert answer.status_code == 409
    assert len(answer.json()["detail"]) > 10


def test_the_severity_is_changed_with_its_reason(api, three):
    answer = post(api, f"{three[1].number}/severity/", severity="P0", reason="전 고객")

    assert (answer.status_code, answer.json()["severity"]) == (200, "P0")
    assert three[1].timeline.get(kind="severity").data["reason"] == "전 고객"


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001])
def test_a_note_that_says_nothing_or_too_much_is_refused(api, three, text):
    assert post(api, f"{three[0].number}/notes/", text=text).status_code == 400


def test_a_note_is_answered_as_the_event_it_became(api, three, commander):
    answer = post(api, f"{three[0].number}/notes/", text="노드 재시작")

    assert answer.status_code == 201
    said = answer.json()
    assert (said["kind"], said["text"], said["actor"]) == ("note", "노드 재시작", commander.name)


def test_the_timeline_tells_from_the_beginning(api, three):
    said = api.get(f"{INCIDENTS}{three[2].number}/timeline/").json()

    assert said["count"] == 3
    assert [event["kind"] for event in said["results"]] == ["declared", "paged", "status"]
    assert {"at", "kind", "actor", "text", "data"} <= set(said["results"][0])
    assert all(event["text"] for event in said["results"])


def test_somebody_signed_in_needs_a_csrf_token_to_write(commander, three):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(commander)

    assert browser.get(INCIDENTS).status_code == 200
    assert post(browser, f"{three[0].number}/acknowledge/").status_code == 403
