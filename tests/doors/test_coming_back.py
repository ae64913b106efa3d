"""A button pressed after the session ended, or from a page that is too old, leads back to its page."""

import pytest
from django.test import Client

from tests.doors.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def room(incident):
    return incident.get_absolute_url()


def signs_in(client, answer, name="dev1"):
    given = {"login": name, "password": PASSWORD}
    return client.post(answer["Location"], given)


def test_a_button_pressed_signed_out_comes_back_to_its_page_and_did_nothing(room, incident):
    client, at = Client(), f"{room}?show=people"

    asked = client.post(f"{room}acknowledge/", headers={"Referer": f"http://testserver{at}"})
    page = client.get(asked["Location"]).content.decode()
    back = signs_in(client, asked)

    assert asked["Location"].startswith(LOGIN)
    assert "한 번 더 눌러 주세요" in page
    assert back["Location"] == at
    assert client.get(at).status_code == 200
    incident.refresh_from_db()
    assert incident.status == "triggered"


@pytest.mark.parametrize("page", ["", "https://evil.example/incidents/1/", "javascript:alert(1)"])
def test_a_button_pressed_from_nowhere_known_comes_back_to_the_incidents(room, page):
    client = Client()

    asked = client.post(f"{room}acknowledge/", headers={"Referer": page})

    assert signs_in(client, asked)["Location"] == "/"


def test_a_page_asked_for_signed_out_is_where_one_arrives(room):
    client = Client()

    assert signs_in(client, client.get(room))["Location"] == room


def test_the_address_of_a_button_is_a_page_and_not_a_blank(browser, room):
    answer = browser("responder").get(f"{room}acknowledge/")

    assert answer.status_code == 405
    assert "/" in answer.content.decode()
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "leads"), [("http://testserver/incidents/", True), ("https://evil.example/", False)]
)
def test_a_page_too_old_leads_back_to_itself_and_nowhere_else(everyone, room, page, leads):
    client = Client(enforce_csrf_checks=True)
    client.force_login(everyone["responder"])

    answer = client.post(f"{room}acknowledge/", headers={"Referer": page})

    assert answer.status_code == 403
    assert ("화면 새로 열기" in answer.content.decode()) is leads
    assert "evil" not in answer.content.decode()
