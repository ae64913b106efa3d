"""Standing in and swaps by the API: as on the page, for whoever may, once."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from teams.oncall import rosters_at
from teams.rotations import Override, Swap
from teams.services import new_api_token
from tests.teams.conftest import person, two_hours_of

pytestmark = pytest.mark.django_db

ON_CALL = "/api/v1/on-call/"
HOUR = timedelta(hours=1)


@pytest.fixture
def call(rotation):
    def send(method, path, *, by="dev1", scope="write", **body):
        token = new_api_token(person(by), name="test", scope=scope)
        client = Client(headers={"authorization": f"Token {token}"})
        return getattr(client, method)(
            f"{ON_CALL}{path}", body or None, content_type="application/json"
        )

    return send


@pytest.fixture
def span(rotation):
    """Two hours of dev1, so that they may also be asked away."""
    start, end = two_hours_of("dev1", rotation)
    return {"rotation": "first", "starts_at": start.isoformat(), "ends_at": end.isoformat()}


def test_whoever_responds_stands_in_and_is_then_on_call(call, rotation, span):
    answer = call("post", "overrides/", by="dev2", **span, reason="병원")

    assert answer.status_code == 201
    said = answer.json()
    assert (said["username"], said["made_by"], said["reason"]) == ("dev2", "dev2", "병원")
    inside = datetime.fromisoformat(span["starts_at"]) + HOUR
    assert rosters_at(inside, only=[rotation.pk])[0].at(inside) == person("dev2")
    assert [row["id"] for row in call("get", "overrides/").json()["results"]] == [said["id"]]
    assert call("get", f"overrides/{said['id']}/").json() == said


def test_said_twice_it_is_one(call, span):
    first, again = (call("post", "overrides/", **span) for _ in range(2))

    assert (again.status_code, again.json()) == (201, first.json())
    assert Override.objects.count() == 1


def test_what_was_covered_since_is_said_anew(call, span):
    call("post", "overrides/", **span)
    call("post", "overrides/", by="cto", **span, username="dev2")
    call("post", "overrides/", **span)

    usernames = [row.user.username for row in Override.objects.order_by("pk")]
    assert usernames == ["dev1", "dev2", "dev1"]


def test_only_a_commander_puts_somebody_else_on_call(call, span):
    assert call("post", "overrides/", **span, username="dev2").status_code == 409
    assert call("post", "overrides/", by="cto", **span, username="dev2").status_code == 201


@pytest.mark.parametrize(
    ("wrong", "at_fault"),
    [
        ({"rotation": "없는-당직"}, "rotation"),
        ({"rotation": None}, "rotation"),
        ({"username": "아무개"}, "username"),
        ({"username": ["dev1"]}, "username"),
        ({"starts_at": "내일"}, "starts_at"),
        ({"ends_at": ""}, "ends_at"),
        ({"ends_at": 7}, "ends_at"),
        ({"reason": "가" * 201}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
    ],
)
def test_what_cannot_be_read_is_named(call, span, wrong, at_fault):
    answer = call("post", "overrides/", **(span | wrong))

    assert (answer.status_code, list(answer.json())) == (400, [at_fault])
    assert not Override.objects.exists()


@pytest.mark.parametrize(("starts", "ends"), [(2, 1), (-3, -1), (1, 24 * 100)])
def test_a_time_that_makes_no_sense_is_refused_with_a_sentence(call, span, starts, ends):
    at = clock.now()
    times = {"starts_at": at + starts * HOUR, "ends_at": at + ends * HOUR}
    for path in ("overrides/", "swaps/"):
        answer = call("post", path, rotation="first", **times)
        assert answer.status_code == 409
        assert len(answer.json()["detail"]) > 10


def test_it_is_taken_back_once_by_whoever_it_concerns(call, span):
    key = call("post", "overrides/", **span).json()["id"]

    assert call("post", f"overrides/{key}/end/", by="dev2").status_code == 409
    assert call("post", f"overrides/{key}/end/").status_code == 204
    assert call("post", f"overrides/{key}/end/").status_code == 404


def test_one_under_way_ends_now_and_then_it_is_over(call, rotation):
    at = clock.now()
    row = Override.objects.create(
        rotation=rotation, user=person("dev1"), starts_at=at - HOUR, ends_at=at + HOUR
    )
    assert call("post", f"overrides/{row.pk}/end/").status_code == 204
    assert call("post", f"overrides/{row.pk}/end/").status_code == 409
    assert call("get", "overrides/").json()["results"] == []


def test_who_only_reads_changes_nothing(call, span):
    assert call("post", "overrides/", scope="read", **span).status_code == 403
    assert call("post", "swaps/", scope="read", **span).status_code == 403
    assert call("get", "overrides/", scope="read").status_code == 200


def test_the_list_is_asked_for_one_rotation(call, span):
    call("post", "overrides/", **span)

    assert call("get", "overrides/?rotation=first").json()["count"] == 1
    assert call("get", "overrides/?rotation=second").json()["count"] == 0
    assert call("get", "overrides/?rotation=당직").json()["count"] == 0


def test_a_turn_is_asked_for_and_the_first_who_takes_it_stands_in(call, span):
    asked = call("post", "swaps/", **span, reason="병원").json()
    assert (asked["asked_by"], asked["closed_at"], asked["taken_by"]) == ("dev1", None, None)
    assert [row["id"] for row in call("get", "swaps/").json()["results"]] == [asked["id"]]

    taken = call("post", f"swaps/{asked['id']}/take/", by="dev2")
    assert (taken.status_code, taken.json()["username"]) == (200, "dev2")
    late = call("post", f"swaps/{asked['id']}/take/", by="devops")
    assert (late.status_code, Override.objects.count()) == (409, 1)
    assert call("get", "swaps/").json()["count"] == 0
    assert call("get", f"swaps/{asked['id']}/").json()["taken_by"] == "dev2"


def test_the_turn_of_somebody_else_is_not_asked_for(call, span):
    answer = call("post", "swaps/", by="dev2", **span)

    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "내 당직만 부탁할 수 있어요.",
    )
    assert not Swap.objects.exists()


def test_a_turn_is_asked_for_once_and_not_taken_by_who_asked(call, span):
    key = call("post", "swaps/", **span).json()["id"]

    assert call("post", "swaps/", **span).status_code == 409
    assert call("post", f"swaps/{key}/take/").status_code == 409
    assert Swap.objects.count() == 1


def test_a_question_is_withdrawn_by_who_asked_and_once(call, span):
    key = call("post", "swaps/", **span).json()["id"]

    assert call("post", f"swaps/{key}/withdraw/", by="dev2").status_code == 409
    withdrawn = call("post", f"swaps/{key}/withdraw/")
    assert (withdrawn.status_code, withdrawn.json()["taken_by"]) == (200, None)
    assert withdrawn.json()["closed_at"]
    assert call("post", f"swaps/{key}/withdraw/").status_code == 409


@pytest.mark.parametrize("path", [f"overrides/{10**12}/", f"swaps/{10**12}/", f"swaps/{10**30}/"])
def test_what_is_not_there_is_not_found(call, path):
    assert call("get", path).status_code == 404
    for move in ("end", "take", "withdraw"):
        assert call("post", f"{path}{move}/").status_code == 404


def test_lists_cost_the_same_however_long(call, rotation):
    at, costs = clock.now(), []
    for count in (1, 30):
        for n in range(count):
            span = {"starts_at": at + (count + n) * HOUR, "ends_at": at + (count + n + 1) * HOUR}
            made = Override.objects.create(rotation=rotation, user=person("dev2"), **span)
            who = person("dev1")
            Swap.objects.create(rotation=rotation, asked_by=who, asked_at=at, override=made, **span)
        with CaptureQueriesContext(connection) as queries:
            assert call("get", "overrides/").json()["count"] >= count
            assert call("get", "swaps/").json()["count"] >= count
        costs.append(len(queries))

    assert costs[0] == costs[1]
