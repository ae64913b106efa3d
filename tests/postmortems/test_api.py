"""Postmortems by the API: the same services as on the page."""

import pytest
from django.test import Client

from incidents import services
from postmortems.models import ActionItem, Postmortem
from teams.services import new_api_token
from tests.postmortems.conftest import START

pytestmark = pytest.mark.django_db

WHERE = "/api/v1/postmortems/"
LIST = 5


@pytest.fixture
def api(commander):
    token = new_api_token(commander, name="test", scope="write")
    return Client(headers={"authorization": f"Token {token}"})


def send(api, method, where, body, **headers):
    return getattr(api, method)(where, body, content_type="application/json", headers=headers)


def test_one_is_drafted_once_of_what_is_over(api, resolved, commander):
    incident = resolved()
    first = send(api, "post", WHERE, {"incident": incident.pk}, **{"idempotency-key": "k"})
    again = send(api, "post", WHERE, {"incident": incident.pk}, **{"idempotency-key": "k"})

    assert (first.status_code, again.content) == (201, first.content)
    said = first.json()
    assert (said["incident"], said["version"], said["state"]) == (incident.pk, 1, "draft")
    assert said["summary"]
    assert len(said["actions"]) == ActionItem.objects.count() > 0
    assert said["missing"]
    assert api.get(f"{WHERE}{incident.pk}/").json() == said
    assert api.get(WHERE).json()["results"] == [said]


def test_what_is_not_over_has_none_yet(api, commander):
    incident = services.declare("x", severity="P1", by=commander, at=START)

    assert send(api, "post", WHERE, {"incident": incident.pk}).status_code == 409
    assert send(api, "post", WHERE, {"incident": 9999}).status_code == 400
    assert api.get(f"{WHERE}{incident.pk}/").status_code == 404


def test_it_is_revised_and_what_is_left_out_stays(api, postmortem):
    where = f"{WHERE}{postmortem.incident_id}/"
    summary = postmortem.summary

    after = send(
        api, "patch", where, {"version": 1, "users_affected": 12, "state": "review"}
    ).json()
    assert (after["version"], after["users_affected"], after["state"]) == (3, 12, "review")
    assert after["summary"] == summary
    assert send(api, "patch", where, {"version": 3, "state": "published"}).status_code == 409


def test_who_read_an_older_version_is_told_and_changes_nothing(api, postmortem):
    where = f"{WHERE}{postmortem.incident_id}/"
    send(api, "patch", where, {"version": 1, "lessons": "첫째"})
    late = send(api, "patch", where, {"version": 1, "lessons": "둘째", "actions": []})

    assert late.status_code == 409
    assert Postmortem.objects.get().lessons == "첫째"
    assert ActionItem.objects.exists()


def test_its_actions_are_those_that_are_named(api, postmortem):
    where = f"{WHERE}{postmortem.incident_id}/"
    kept = api.get(where).json()["actions"][0]
    new = {
        "kind": "IMMEDIATE", "description": "키 만료 알림", "owner": "윤서아",
        "due_date": "2026-12-01", "priority": "HIGH",
    }  # fmt: skip

    said = {"version": 1, "actions": [kept | {"status": "done"}, new]}
    after = send(api, "patch", where, said).json()["actions"]
    assert {(each["description"], each["status"]) for each in after} == {
        (kept["description"], "done"), ("키 만료 알림", "open"),
    }  # fmt: skip


def test_an_action_of_another_postmortem_cannot_be_named(api, postmortem, resolved):
    other = send(api, "post", WHERE, {"incident": resolved().pk}).json()
    before = api.get(f"{WHERE}{postmortem.incident_id}/").json()

    said = {"version": 1, "actions": other["actions"][:1]}
    assert send(api, "patch", f"{WHERE}{postmortem.incident_id}/", said).status_code == 409
    assert api.get(f"{WHERE}{postmortem.incident_id}/").json() == before


@pytest.mark.parametrize(
    "said", [{}, {"version": 1, "state": "x"}, {"version": 1, "owner": "nobody"},
             {"version": 1, "users_affected": -1}, {"version": 1, "actions": [{"kind": "x"}]}],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_field(api, postmortem, said):
    answer = send(api, "patch", f"{WHERE}{postmortem.incident_id}/", said)

    assert answer.status_code == 400
    assert Postmortem.objects.get().version == 1


def test_the_list_takes_the_same_queries_however_long_it_is(
    api, postmortem, resolved, django_assert_num_queries
):
    api.get(WHERE)  # the token's last use is written down once a minute
    with django_assert_num_queries(LIST):
        api.get(WHERE)
    send(api, "post", WHERE, {"incident": resolved().pk})
    with django_assert_num_queries(LIST):
        assert api.get(WHERE).json()["count"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1), ("q=출금", 1), ("q=없는+말", 0), ("quarter=2026-Q4", 1), ("quarter=2026-Q3", 0),
        ("service=withdrawals", 1), ("service=deposits", 0), ("severity=P1&state=draft", 1),
        ("state=published", 0),
    ],
)  # fmt: skip
def test_the_archive_is_searched_as_in_the_portal(api, postmortem, query, found):
    said = api.get(f"{WHERE}?{query}").json()["results"]

    assert [one["pdf"].endswith("/postmortem.pdf") for one in said] == [True] * found


@pytest.mark.parametrize("query", ["quarter=2026", "quarter=9999-Q4", "severity=P9", "state=x"])
def test_a_filter_that_means_nothing_is_refused(api, postmortem, query):
    assert api.get(f"{WHERE}?{query}").status_code == 400
