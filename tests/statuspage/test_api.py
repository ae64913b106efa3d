"""The status page by the API: the same services as on the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from statuspage.models import Notice
from statuspage.services import follow, keep_time
from teams.services import new_api_token
from tests.statuspage.scene import HOUR, START, component

pytestmark = pytest.mark.django_db

QUERIES = 5
NOTICES, WORKS = "/api/v1/status/notices/", "/api/v1/status/maintenances/"
PAST = "/api/v1/status/past/"


def signed(owner, scope="write"):
    token = new_api_token(owner, name="test", scope=scope)
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def api(commander):
    return signed(commander)


def send(api, method, where, body, **headers):
    return getattr(api, method)(where, body, content_type="application/json", headers=headers)


def test_a_draft_is_begun_written_and_published(api, trouble):
    incident = trouble("P1")
    begun = send(api, "post", NOTICES, {"incident": incident.pk})
    assert (begun.status_code, begun.json()["published_at"]) == (201, None)
    where = f"{NOTICES}{begun.json()['id']}/"

    said = {"version": begun.json()["version"], "title_en": "Late", "draft_en": "We are looking."}
    kept = send(api, "patch", where, said)
    assert (kept.status_code, kept.json()["draft_en"]) == (200, "We are looking.")
    assert send(api, "patch", where, said).status_code == 409, "another version was read"

    states = {component("Withdrawals").public_id: "partial_outage"}
    word = {"phase": "identified", "components": states, "next_update_minutes": 30}
    told = send(api, "post", f"{where}updates/", word, **{"idempotency-key": "k"})
    again = send(api, "post", f"{where}updates/", word, **{"idempotency-key": "k"})
    assert (told.status_code, again.content) == (201, told.content)
    assert [one["body_en"] for one in told.json()["updates"]] == ["We are looking."]
    assert (told.json()["phase"], told.json()["draft_en"]) == ("identified", "")
    assert told.json()["components"] == [
        {"id": component("Withdrawals").public_id, "state": "partial_outage"}
    ]
    [shown] = [
        one
        for one in api.get("/api/v1/status/components/").json()["results"]
        if one["name_en"] == "Withdrawals"
    ]
    assert (shown["state"], shown["services"]) == ("partial_outage", ["withdrawals"])


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ({"phase": "merged", "body_ko": "x"}, 400),
        ({"phase": "monitoring"}, 409),  # no words, and no draft
        ({"phase": "postmortem", "body_ko": "x"}, 409),
        ({"phase": "identified", "body_ko": "x", "components": {"nobody": "operational"}}, 400),
        ({"phase": "identified", "body_ko": "x", "components": {"a": "unknown"}}, 400),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_reason(api, trouble, word, status):
    trouble("P1")
    follow(at=START)
    notice = Notice.objects.get()
    answer = send(api, "post", f"{NOTICES}{notice.public_id}/updates/", word)
    assert answer.status_code == status
    assert not notice.updates.exists()


def test_a_maintenance_is_announced_moved_extended_and_cancelled(api, page):
    at = clock.now().replace(microsecond=0)
    said = {
        "title_ko": "점검", "body_ko": "늦어요.", "components": [component("Deposits").public_id],
        "starts_at": (at + HOUR).isoformat(), "ends_at": (at + 2 * HOUR).isoformat(), "remind": [60, 10],
    }  # fmt: skip
    made = send(api, "post", WORKS, said)
    assert made.status_code == 201
    where = f"{WORKS}{made.json()['id']}/"
    later = {"ends_at": (at + 3 * HOUR).isoformat()}
    assert send(api, "patch", where, later).status_code == 400, "without the version"
    moved = send(api, "patch", where, later | {"version": made.json()["version"]})
    assert moved.status_code == 200
    assert len(moved.json()["updates"]) == 2

    keep_time(at=at + HOUR)
    version = api.get(where).json()["version"]
    longer = send(api, "post", f"{where}extend/", {"minutes": 30, "version": version})
    assert (longer.status_code, longer.json()["phase"]) == (200, "in_progress")
    notice = Notice.objects.get()
    assert notice.scheduled_until == at + 3 * HOUR + timedelta(minutes=30)
    version = longer.json()["version"]
    assert send(api, "post", f"{where}cancel/", {"version": version}).status_code == 409
    assert api.get(WORKS, {"going_on": "true"}).json()["count"] == 1
    assert api.get(NOTICES, {"kind": "incident"}).json()["count"] == 0


def test_many_are_listed_in_a_fixed_number_of_queries(api, trouble, django_assert_num_queries):
    counts = []
    api.get(NOTICES)  # notes when the token was used last
    for place in range(3):
        trouble("P1", at=START + place * HOUR)
        follow(at=START + place * HOUR)
        if place != 1:
            with django_assert_num_queries(QUERIES):
                counts.append(api.get(NOTICES).json()["count"])
    assert counts == [1, 3]


def past(**said):
    began = START - 40 * 24 * HOUR
    return {
        "title_en": "Withdrawals were down",
        "components": [
            {
                "component": component("Withdrawals").public_id, "state": "major_outage",
                "began_at": began.isoformat(), "ended_at": (began + HOUR).isoformat(),
            }
        ],
        "updates": [
            {"at": (began + HOUR).isoformat(), "phase": "resolved", "body_en": "It is over."}
        ],
    } | said  # fmt: skip


def test_a_past_is_tried_added_and_taken_back(api, page):
    tried = send(api, "post", f"{PAST}effects/", past())
    assert tried.status_code == 200
    october = next(one for one in tried.json() if one["month"] == "2026-10")
    assert (october["closed"], october["before"], october["after"]) == (False, 10_000, 9_986)
    assert not Notice.objects.exists()

    made = send(api, "post", PAST, past(), **{"idempotency-key": "k"})
    again = send(api, "post", PAST, past(), **{"idempotency-key": "k"})
    assert (made.status_code, again.content) == (201, made.content)
    assert (made.json()["phase"], made.json()["impact"]) == ("resolved", "critical")
    assert [one["id"] for one in api.get(PAST).json()["results"]] == [made.json()["id"]]

    where = f"{PAST}{made.json()['id']}/take-back/"
    back = {"version": made.json()["version"], "why_en": "It was staging."}
    assert send(api, "post", where, back).json()["published_at"] is None
    assert send(api, "post", where, back).status_code == 409
    assert api.patch(f"{PAST}{made.json()['id']}/").status_code == 405


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"updates": []}, 409),
        ({"title_en": ""}, 409),
        ({"updates": [{"at": "2026-10-01", "phase": "no"}]}, 400),
        ({"components": [{"component": "nobody"}]}, 400),
    ],
)
def test_what_is_no_past_is_refused(api, page, wrong, status):
    for where in (PAST, f"{PAST}effects/"):
        assert send(api, "post", where, past(**wrong)).status_code == status
    assert not Notice.objects.exists()
