"""Actions by the API: what the portal shows and decides, and no way around the second factor."""

import io

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.test import Client

from core import clock
from incidents import services as incidents
from runbooks.domain.actions import State
from runbooks.models import Halt
from runbooks.services import execute_next
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.factor import SECRET, gives_factor

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
API = "/api/v1/actions/"


@pytest.fixture
def incident(everyone):
    return incidents.declare("출금 지연", severity="P1", by=everyone["responder"], at=clock.now())


@pytest.fixture
def asked(writing, switched_on, incident):
    return writing(incident=incident, at_least=2, sun=50)


def post(client, path, **said):
    return client.post(path, said, content_type="application/json")


def by_token(user):
    said = io.StringIO()
    call_command("api-token", user.username, stdout=said)
    return Client(headers={"Authorization": f"Token {said.getvalue().splitlines()[-1]}"})


def test_an_action_says_all_that_its_page_says(asked, browser, incident):
    said = browser("viewer").get(f"{API}{asked.pk}/").json()

    assert said["title"] == "write one"
    assert (said["kind"], said["kind_label"]) == ("tests.write", "Write a line")
    assert (said["state"], said["sun"], said["incident"]) == ("proposed", 50, incident.number)
    assert (said["people_needed"], said["approvals"], said["proposed_by"]) == (2, [], None)
    assert said["expires_at"] > said["proposed_at"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["other", "one"]),
        ("?state=proposed", ["one"]),
        ("?state=shadowed", []),
        ("?kind=tests.write", ["other", "one"]),
        ("?kind=x", []),
        ("?incident=x", ["other", "one"]),
    ],
)
def test_the_list_is_filtered(asked, writing, browser, query, found):
    writing("other")

    rows = browser("viewer").get(f"{API}{query}").json()["results"]

    assert [row["key"] for row in rows] == found


def test_those_of_an_incident(asked, writing, browser, incident):
    writing("other")

    rows = browser("viewer").get(f"{API}?incident={incident.number}").json()["results"]

    assert [row["key"] for row in rows] == ["one"]


def test_two_people_approve_and_it_is_done(asked, browser, everyone):
    one = post(browser("commander"), f"{API}{asked.pk}/approve/").json()
    assert [who["username"] for who in one["approvals"]] == [everyone["commander"].username]
    assert one["state"] == "proposed"

    assert post(browser("manager"), f"{API}{asked.pk}/approve/").json()["state"] == "approved"
    execute_next(at=clock.database_now())

    said = browser("viewer").get(f"{API}{asked.pk}/").json()
    assert (said["state"], said["text"], said["facts"]) == ("confirmed", "written", {"line": "one"})
    assert said["expires_at"] is None


def test_a_refusal_has_a_reason_and_is_said_once(asked, browser):
    client, path = browser("responder"), f"{API}{asked.pk}/refuse/"
    assert post(client, path).status_code == 400

    assert post(client, path, reason="비싸요").json()["state"] == "refused"
    assert post(client, path, reason="비싸요").status_code == 409


def test_a_token_approves_nothing_where_a_second_factor_is_wanted(
    asked, browser, everyone, settings
):
    settings.CONSOLE_NEEDS_MFA = True
    who, path = everyone["commander"], f"{API}{asked.pk}/approve/"
    assert "먼저 포털에서 설정해" in post(browser("commander"), path).json()["detail"]
    totp.TOTP.activate(who, SECRET)

    answer = post(by_token(who), path)

    assert answer.status_code == 403
    assert "토큰으로는 할 수 없으니" in answer.json()["detail"]
    assert not asked.approvals.exists()
    client = browser("commander")
    assert "최근 5분" in post(client, path).json()["detail"]
    gives_factor(client, then="/actions/")
    assert post(client, path).status_code == 200
    assert post(by_token(who), f"{API}{asked.pk}/refuse/", reason="no").status_code == 200


def test_a_token_approves_where_none_is_wanted(asked, everyone):
    assert post(by_token(everyone["commander"]), f"{API}{asked.pk}/approve/").status_code == 200


def test_everything_is_halted_and_goes_on(asked, browser):
    client = browser("responder")
    assert post(client, f"{API}halts/").status_code == 400
    assert post(client, f"{API}halts/", reason="이상한 주문").status_code == 201
    assert post(client, f"{API}halts/", reason="또").status_code == 409
    assert client.get(f"{API}halts/").json()["results"][0]["lifted_at"] is None

    lifting = browser("commander")
    assert post(lifting, f"{API}halts/lift/").status_code == 204
    assert post(lifting, f"{API}halts/lift/").status_code == 409
    assert Halt.objects.get().lifted_by is not None


def test_limits_are_read_with_what_is_spent(writing, switched_on, browser):
    action = writing(sun=50)
    execute_next(at=clock.database_now())
    action.refresh_from_db()
    assert action.state == State.CONFIRMED

    rows = browser("viewer").get(f"{API}limits/").json()["results"]

    [row] = [row for row in rows if row["kind"] == "tests.write"]
    assert (row["mode"], row["day_cap_sun"], row["day_spent_sun"]) == ("on", 250, 50)


def test_the_list_costs_the_same_with_many(writing, switched_on, incident, browser):
    found = []
    for count in (3, 30):
        for n in range(count):
            writing(f"{count}-{n}", incident=incident, at_least=1)
        found.append(cost(browser("viewer"), f"{API}?page_size=200"))

    assert found[0] == found[1]
