"""One letter in the room leads to what it is for; what changes the incident waits for Enter."""

import pytest
from playwright.sync_api import Page, expect

from core import clock
from incidents import services
from incidents.models import Incident
from teams.models import User
from tests.browser.conftest import keep
from tests.browser.test_room import signed_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def room(signed_in: Page, incident: Incident) -> Page:  # noqa: F811
    signed_in.goto(incident.get_absolute_url())
    return signed_in


def state(incident: Incident) -> str:
    incident.refresh_from_db()
    return str(incident.status)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_an_incident_is_lived_through_by_letters(room: Page, incident: Incident) -> None:
    press(room, "a")
    expect(room.locator("#act")).to_be_focused()
    assert state(incident) == "triggered"
    press(room, "Enter")
    expect(room.locator("#head")).to_contain_text("완화 처리")
    assert state(incident) == "acknowledged"

    press(room, "n")
    room.keyboard.type("mar: 로그를 봐요")  # no letter of it is a shortcut
    expect(room.locator("#composer textarea")).to_have_value("mar: 로그를 봐요")
    expect(room.locator("#ask-resolve")).to_be_hidden()
    press(room, "Tab", "Enter")
    expect(room.locator("#timeline")).to_contain_text("mar: 로그를 봐요")

    press(room, "s")
    expect(room.locator("#ask-severity")).to_be_visible()
    press(room, "r", "Escape")
    expect(room.locator("#ask-severity")).to_be_hidden()

    press(room, "r")
    expect(room.locator("#ask-resolve")).to_be_visible()
    assert state(incident) == "acknowledged"
    press(room, "Enter")
    expect(room.locator("#ask-resolve")).to_be_hidden()
    expect(room.locator("#head .phases")).to_contain_text("해결")
    assert state(incident) == "resolved"


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_a_question_mark_lists_them_and_they_can_be_switched_off(
    room: Page, incident: Incident, request: pytest.FixtureRequest
) -> None:
    press(room, "Shift+Slash")
    keys = room.locator("#keys")
    expect(keys).to_be_visible()
    expect(keys.get_by_role("button", name="닫기")).to_be_focused()
    keep(room, request, "keys")
    named = {each.inner_text() for each in keys.locator("kbd").all()}
    assert named == {"A", "M", "R", "S", "N", "T", "H", "J", "K", "/"}

    keys.get_by_text("꺼짐").click()
    press(room, "Escape", "a")
    expect(room.locator("#act")).not_to_be_focused()
    room.reload()
    press(room, "Shift+Slash", "a")
    expect(keys).to_be_hidden()
    expect(room.locator("#act")).not_to_be_focused()


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_letters_work_again_although_the_room_changed_beneath_an_open_sheet(
    room: Page, incident: Incident
) -> None:
    who = User.objects.get(username="cto")
    press(room, "s")
    expect(room.locator("#ask-severity")).to_be_visible()
    services.note(incident, text="그 사이에 온 메모", by=who, at=clock.now())
    expect(room.locator("#timeline")).to_contain_text("그 사이에 온 메모")
    press(room, "Escape", "r")
    expect(room.locator("#ask-severity")).to_be_hidden()
    expect(room.locator("#ask-resolve")).to_be_visible()


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_letters_that_only_lead_somewhere_go_there(room: Page, incident: Incident) -> None:
    press(room, "h")
    room.wait_for_url("**/handover/**")
    room.go_back()
    press(room, "t")
    room.wait_for_url("**/tasks/**")


def test_the_next_step_is_three_keys_from_the_top(room: Page) -> None:
    press(room, "Tab", "Enter", "Tab")
    if room.locator(".back").is_visible():
        press(room, "Tab")
    expect(room.locator("#act")).to_be_focused()


@pytest.mark.parametrize("page", ["desktop-light"], indirect=True)
def test_lists_are_walked_and_searched_by_letters(signed_in: Page) -> None:  # noqa: F811
    signed_in.goto("/")
    press(signed_in, "j")
    expect(signed_in.locator("a.title").first).to_be_focused()
    press(signed_in, "Slash")
    expect(signed_in.locator("#q")).to_be_focused()
    press(signed_in, "j", "a")
    expect(signed_in.locator("#q")).to_have_value("ja")
