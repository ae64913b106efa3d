"""Figures by the API: what is not known is null, and what is asked for wrongly is said."""

import pytest
from django.test import Client

from core import clock
from postmortems.figures import whole
from teams.services import new_api_token
from tests.postmortems.conftest import after

pytestmark = pytest.mark.django_db

WHERE = "/api/v1/figures/"


@pytest.fixture
def api(commander, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: after(days=2))
    token = new_api_token(commander, name="test", scope="read")
    return Client(headers={"authorization": f"Token {token}"})


def test_every_figure_has_value_unit_n_and_bounds(api, resolved):
    resolved()
    said = api.get(WHERE).json()

    assert said["timings"]["resolve"]["mean"] == {
        "value": 3000.0, "unit": "s", "n": 1, "low": None, "high": None,
    }  # fmt: skip
    assert said["timings"]["detect"]["mean"]["value"] is None
    assert said["by"]["severity"][0]["incidents"]["value"] == 1
    assert {one["service"] for one in said["services"]} >= {"withdrawals", "deposits"}
    assert said["services"][0]["target"] == 99.9


def test_it_says_the_same_as_the_portal(api, resolved):
    resolved()
    ours = whole.last(7, at=after(days=2)).reckoned

    said = api.get(WHERE, {"days": 7}).json()
    assert said["between_failures"]["value"] == ours.between_failures.value
    assert said["troubled"]["value"] == ours.troubled.value


def test_one_service_can_be_asked_for(api, resolved):
    resolved()
    said = api.get(WHERE, {"days": 7, "service": "deposits"}).json()

    assert said["incidents"]["value"] == 0
    assert [one["service"] for one in said["services"]] == ["deposits"]


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({"days": "0"}, "days"), ({"days": "367"}, "days"), ({"days": "a month"}, "days"), ({"service": "nothing"}, "service"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_reason(api, asked, about):
    answer = api.get(WHERE, asked)

    assert answer.status_code == 400
    assert about in answer.content.decode()
