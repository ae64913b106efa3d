"""The API as its callers see it: shapes, filters, pages and refusals."""

from datetime import datetime

import pytest

from incidents.models import Incident
from notifications.models import Delivery
from tests.incidents.conftest import INCIDENTS, after, post

pytestmark = pytest.mark.django_db


def found(api, **query):
    return [row["title"] for row in api.get(INCIDENTS, query).json()["results"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "", "severity": "P1"}, "title"),
        ({"title": "   ", "severity": "P1"}, "title"),
        ({"title": "a\x00b", "severity": "P1"}, "title"),
        ({"title": "\ud800", "severity": "P1"}, "title"),
        ({"title": "x" * 1025, "severity": "P1"}, "title"),
        ({"title": "t"}, "severity"),
        ({"title": "t", "severity": "P4"}, "severity"),
        ({"title": "t", "severity": "P1", "services": ["nothing"]}, "services"),
        ({"title": "t", "severity": "P1", "services": ["a\x00"]}, "services"),
        ({"title": "t", "severity": "P1", "services": "withdrawals"}, "services"),
    ],
)
def test_what_is_wrong_with_a_new_incident_is_said_by_field(api, body, field):
    answer = post(api, "", **body)

    assert answer.status_code == 400
    assert field in answer.json()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b"[]", b"7", b"null", b"\xff", b"[" * 20_000])
def test_a_body_that_is_no_object_is_a_400(api, raw):
    assert api.post(INCIDENTS, raw, content_type="application/json").status_code == 400


def test_a_new_incident_is_answered_as_it_is(api, commander):
    answer = post(api, "", title="출금 지연", severity="P1", services=["withdrawals"])

    assert answer.status_code == 201
    said = answer.json()
    assert (said["title"], said["severity"], said["status"]) == ("출금 지연", "P1", "triggered")
    assert said["services"] == ["withdrawals"]
    assert said["url"] == f"http://testserver/incidents/{said['number']}/"
    assert Delivery.objects.about(f"incident:{said['number']}").exists()


def test_an_incident_has_at_least_what_was_promised(api, three):
    said = api.get(f"{INCIDENTS}{three[0].number}/").json()

    assert {
        "number", "title", "severity", "status", "services", "detected_at", "acknowledged_at",
        "mitigated_at", "resolved_at", "url",
    } <= set(said)  # fmt: skip
    assert said["acknowledged_at"] is None
    assert datetime.fromisoformat(said["detected_at"]) == after()


def test_a_list_comes_in_pages(api, three):
    said = api.get(INCIDENTS, {"page_size": 2}).json()

    assert set(said) == {"count", "next", "previous", "results"}
    assert (said["count"], len(said["results"]), said["previous"]) == (3, 2, None)
    assert [row["title"] for row in api.get(said["next"]).json()["results"]] == ["출금 중단"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page": "0"}, 404),
        ({"page": "99"}, 404),
        ({"page": "x"}, 404),
        ({"page": "last"}, 200),
        ({"page_size": "0"}, 200),
        ({"page_size": "-1"}, 200),
        ({"page_size": "x"}, 200),
        ({"page_size": "100000"}, 200),
    ],
)
def test_a_page_nobody_has_is_a_404_and_its_size_has_bounds(api, three, query, status):
    assert api.get(INCIDENTS, query).status_code == status


def test_a_page_holds_two_hundred_at_most(api, seeded):
    Incident.objects.bulk_create(
        Incident(title="t", severity="P3", response_since=after(), detected_at=after(),
                 clock_since=after(), respond_by=after(), resolve_by=after())
        for _ in range(201)
    )  # fmt: skip

    assert len(found(api, page_size=100_000)) == 200


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"search": "출금"}, {"출금 중단"}),
        ({"search": "api"}, {"API 느림"}),
        ({"search": "지연 "}, {"입금 지연"}),
        ({"search": "금"}, {"출금 중단", "입금 지연"}),
        ({"search": "입금"}, {"입금 지연"}),
        ({"search": "금입"}, set()),
        ({"search": "pi"}, {"API 느림"}),
        ({"search": "nothing"}, set()),
        ({"status": "open"}, {"출금 중단", "입금 지연"}),
        ({"status": "resolved"}, {"API 느림"}),
        ({"severity": "P0"}, {"출금 중단"}),
        ({"service": "withdrawals"}, {"출금 중단"}),
        ({"service": "withdrawals", "severity": "P3"}, set()),
        ({"severity": "P9"}, set()),
        ({"search": "%"}, set()),
        ({"search": "'; DROP TABLE incidents_incident; --"}, set()),
    ],
)
def test_a_list_can_be_narrowed(api, three, query, titles):
    assert set(found(api, **query)) == titles


@pytest.mark.parametrize("name", ["search", "status", "severity", "service", "page"])
def test_a_question_with_a_nul_in_it_is_refused(api, name):
    assert api.get(INCIDENTS, {name: "a\x00b"}).status_code == 400


def test_an_incident_is_found_by_its_number(api, three):
    for words in (str(three[1].number), f"#{three[1].number}"):
        assert "입금 지연" in found(api, search=words)


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
@pytest.mark.parametrize("path", ["", "timeline/"])
def test_an_incident_nobody_has_is_a_404(api, number, path):
    assert api.get(f"{INCIDENTS}{number}/{path}").status_code == 404
