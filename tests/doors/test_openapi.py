"""What the API says of itself is all of it, and is true."""

import json
import re

import pytest
from django.core.management import call_command
from django.test import Client

from tests.doors.routes import every_route

PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    made = tmp_path_factory.mktemp("schema") / "schema.json"
    said = ["--file", str(made), "--format", "openapi-json", "--validate", "--fail-on-warn"]
    call_command("spectacular", *said)
    return json.loads(made.read_text())


def templated(route):
    return "/" + PART.sub(lambda part: "{%s}" % (part[1] or part[2]), route).replace(
        "^", ""
    ).replace("$", "")


def test_every_address_of_the_api_is_described(schema):
    ours = {templated(route) for route in every_route() if route.startswith("api/v1/")}
    described = {re.sub(r"\{id\}", "{pk}", path) for path in schema["paths"]}

    assert ours <= described


def test_every_action_says_how_it_is_authorised(schema):
    for path, methods in schema["paths"].items():
        for action in methods.values():
            assert path == "/api/schema/" or {"token": []} in action["security"]


def test_lists_say_that_they_come_in_pages(schema):
    for name in ("incidents", "alerts", "incidents/{number}/timeline"):
        answer = schema["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]
        shape = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert set(schema["components"]["schemas"][shape]["properties"]) == {
            "count", "next", "previous", "results",
        }  # fmt: skip


def test_severities_and_states_are_spelled_out(schema):
    parts = schema["components"]["schemas"]

    assert parts["SeverityEnum"]["enum"] == ["P0", "P1", "P2", "P3"]
    assert parts["IncidentStatusEnum"]["enum"] == [
        "triggered", "acknowledged", "mitigated", "resolved",
    ]  # fmt: skip


def test_whatever_creates_something_may_be_sent_again(schema):
    forgetful = [
        path
        for path, methods in schema["paths"].items()
        if "201" in methods.get("post", {}).get("responses", {})
        and "Idempotency-Key" not in {row["name"] for row in methods["post"]["parameters"]}
    ]

    assert forgetful == []


@pytest.mark.django_db
def test_the_description_is_served_to_anybody():
    assert Client().get("/api/schema/").status_code == 200
    assert Client().get("/api/docs/").status_code == 200
