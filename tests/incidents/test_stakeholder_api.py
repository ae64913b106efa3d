"""The same by the API: who may, and what was read is what is sent."""

import pytest
from django.test import Client

from incidents.services import stakeholders
from teams.services import new_api_token
from tests.incidents.conftest import INCIDENTS, person
from tests.incidents.messaging import MINE, message

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(seeded):
    def send(method, incident, *rest, by="cto", **body):
        token = new_api_token(person(by), name="test", scope="write")
        client = Client(headers={"authorization": f"Token {token}"})
        path = "/".join([f"{INCIDENTS}{incident.pk}/messages", *map(str, rest), ""])
        return getattr(client, method)(path, body or None, content_type="application/json")

    return send


def test_the_list_says_what_waits(call, felt):
    rows = call("get", felt()).json()["results"]

    waiting = {row["group"]: row["state"] for row in rows if row["external"]}
    assert waiting == {"customers": "draft", "partners": "draft"}


def test_a_draft_is_approved_in_the_version_that_was_read(call, felt):
    draft = message(felt(), "customers")

    said = call("post", draft.incident, draft.pk, "approve", version=draft.version)

    assert said.status_code == 200
    assert (said.json()["state"], said.json()["approved_by"]) == ("approved", "cto")


def test_another_version_than_was_read_is_refused(call, felt):
    draft = message(felt(), "customers")
    stakeholders.revise(draft, MINE, version=1, by=person("tech-lead"))

    assert call("post", draft.incident, draft.pk, "approve", version=1).status_code == 409
    assert call("post", draft.incident, draft.pk, "approve").status_code == 400


def test_a_responder_writes_and_changes_but_does_not_approve(call, felt):
    incident = felt()
    made = call("post", incident, by="dev1", group="management", **MINE)
    assert made.status_code == 201
    key = made.json()["id"]

    changed = call("put", incident, key, by="dev1", version=1, **(MINE | {"body_ko": "새 글"}))

    assert (changed.status_code, changed.json()["body_ko"]) == (200, "새 글")
    assert call("post", incident, key, "approve", by="dev1", version=2).status_code == 403
    assert call("post", incident, key, "approve", by="cto", version=2).status_code == 200


def test_a_withdrawn_one_stays_withdrawn(call, felt):
    draft = message(felt(), "customers")

    assert call("post", draft.incident, draft.pk, "withdraw", version=1).status_code == 200
    assert call("post", draft.incident, draft.pk, "approve", version=2).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"group": "nobody"}, {"body_en": ""}, {"urgency": "yesterday"}, {"subject_ko": None}]
)
def test_a_message_that_is_not_whole_is_refused(call, felt, wrong):
    said = call("post", felt(), **({"group": "management"} | MINE | wrong))

    assert said.status_code == 400
    assert set(said.json()) == set(wrong)
