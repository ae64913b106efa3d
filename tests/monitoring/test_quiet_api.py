"""Silences, maintenance windows and routes by the API: what people do on the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from monitoring.models import Alert, MaintenanceWindow, Route, Silence
from teams.models import Service, User
from teams.services import new_api_token

pytestmark = pytest.mark.django_db

API = "/api/v1/"
SILENCES, WINDOWS = "silences/", "maintenance-windows/"
HOUR = timedelta(hours=1)


@pytest.fixture
def call(seeded):
    def send(method, path, *, by="cto", scope="write", **body):
        owner = User.objects.get(username=by)
        token = new_api_token(owner, name="test", scope=scope)
        client = Client(headers={"authorization": f"Token {token}"})
        return getattr(client, method)(
            f"{API}{path}", body or None, content_type="application/json"
        )

    return send


@pytest.fixture
def firing(sender):
    generic = sender("generic")
    for title, service in (("출금 대기열", "withdrawals"), ("디스크 91%", "db")):
        generic.post({"title": title, "severity": "warning", "service": service, "key": title})
    return generic


def disk(**said):
    return {"matchers": [{"name": "title", "value": "디스크 91%"}],
            "ends_at": (clock.now() + HOUR).isoformat()} | said  # fmt: skip


def work(**said):
    return {"name": "디스크 교체", "services": ["withdrawals"],
            "ends_at": (clock.now() + HOUR).isoformat()} | said  # fmt: skip


BOTH = [(SILENCES, disk), (WINDOWS, work)]


def test_a_silence_is_made_and_keeps_quiet_what_fits(call, firing):
    made = call("post", SILENCES, by="dev1", **disk(comment="알아요"))

    assert made.status_code == 201
    said = made.json()
    assert (said["state"], said["alerts"], said["comment"]) == ("active", 1, "알아요")
    assert said["created_by"] == User.objects.get(username="dev1").name
    assert said["matchers"] == [
        {"name": "title", "value": "디스크 91%", "is_regex": False, "is_equal": True}
    ]
    assert call("get", f"{SILENCES}{said['id']}/").json() == said
    quiet = call("get", "alerts/?status=silenced").json()["results"]
    assert [(row["title"], row["silence"]) for row in quiet] == [("디스크 91%", said["id"])]


def test_a_window_keeps_its_services_quiet(call, firing):
    said = call("post", WINDOWS, **work()).json()

    assert (said["services"], said["state"], said["alerts"]) == (["withdrawals"], "active", 1)
    assert said["p0_breaks_through"] is True
    quiet = call("get", "alerts/?status=silenced").json()["results"]
    assert [(row["title"], row["window"]) for row in quiet] == [("출금 대기열", said["id"])]


@pytest.mark.parametrize(("path", "said"), BOTH)
def test_it_is_ended_and_taken_back_each_once(call, firing, path, said):
    key = call("post", path, **said()).json()["id"]

    ended = call("post", f"{path}{key}/end/")
    assert (ended.status_code, ended.json()["state"], ended.json()["alerts"]) == (200, "expired", 0)
    again = call("post", f"{path}{key}/end/")
    assert (again.status_code, len(again.json()["detail"]) > 10) == (409, True)
    back = call("post", f"{path}{key}/restore/")
    assert (back.status_code, back.json()["state"], back.json()["alerts"]) == (200, "active", 1)
    assert call("post", f"{path}{key}/restore/").status_code == 409


@pytest.mark.parametrize(("path", "said"), BOTH)
def test_one_to_come_is_pending_and_lists_are_asked_by_state(call, path, said):
    at = clock.now()
    later = said(starts_at=(at + HOUR).isoformat(), ends_at=(at + 2 * HOUR).isoformat())
    key = call("post", path, **later).json()["id"]
    call("post", path, **said())

    states = {state: call("get", f"{path}?state={state}").json()["count"]
              for state in ("active", "pending", "expired")}  # fmt: skip
    assert states == {"active": 1, "pending": 1, "expired": 0}
    assert call("get", path).json()["results"][0]["id"] == key
    assert call("get", f"{path}?state=언젠가").status_code == 400


@pytest.mark.parametrize(("path", "said"), BOTH)
def test_a_time_that_goes_backwards_is_refused_with_a_sentence(call, path, said):
    answer = call("post", path, **said(ends_at=(clock.now() - HOUR).isoformat()))

    assert (answer.status_code, len(answer.json()["detail"]) > 10) == (409, True)


@pytest.mark.parametrize(
    ("path", "wrong", "at_fault"),
    [
        (SILENCES, {"matchers": []}, "matchers"),
        (SILENCES, {"matchers": None}, "matchers"),
        (SILENCES, {"matchers": "title=디스크"}, "matchers"),
        (SILENCES, {"matchers": [{"name": "title"}]}, "matchers"),
        (SILENCES, {"matchers": [{"name": "", "value": "x"}]}, "matchers"),
        (SILENCES, {"matchers": [{"name": "a", "value": "("  , "is_regex": True}]}, "matchers"),
        (SILENCES, {"matchers": [{"name": "a", "value": ".*", "is_regex": True}]}, "matchers"),
        (SILENCES, {"matchers": [{"name": "a", "value": "b\x00"}]}, "matchers"),
        (SILENCES, {"matchers": [{"name": "a", "value": "b"}] * 31}, "matchers"),
        (SILENCES, {"ends_at": "한 시간 뒤"}, "ends_at"),
        (SILENCES, {"ends_at": None}, "ends_at"),
        (SILENCES, {"starts_at": 7}, "starts_at"),
        (SILENCES, {"comment": "가" * 2001}, "comment"),
        (WINDOWS, {"name": ""}, "name"),
        (WINDOWS, {"name": "가" * 201}, "name"),
        (WINDOWS, {"services": ["없는-서비스"]}, "services"),
        (WINDOWS, {"services": "withdrawals"}, "services"),
        (WINDOWS, {"p0_breaks_through": "아마도"}, "p0_breaks_through"),
        (WINDOWS, {"ends_at": "내일"}, "ends_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_nothing_is_quiet(call, path, wrong, at_fault):
    usual = disk() if path == SILENCES else work()
    answer = call("post", path, **(usual | wrong))

    assert (answer.status_code, list(answer.json())) == (400, [at_fault])
    assert not Silence.objects.exists()
    assert not MaintenanceWindow.objects.exists()


def test_what_would_be_quiet_is_seen_beforehand_and_nothing_is_kept(call, firing):
    said = call("post", f"{SILENCES}preview/", matchers=disk()["matchers"]).json()

    assert (said["count"], said["of"], said["everything"]) == (1, 2, False)
    assert [alert["title"] for alert in said["some"]] == ["디스크 91%"]
    assert call("post", f"{SILENCES}preview/", matchers=[]).status_code == 400
    assert not Silence.objects.exists()


def test_windows_take_a_commander_and_silences_a_token_that_writes(call):
    silence = call("post", SILENCES, by="dev1", **disk()).json()["id"]
    window = call("post", WINDOWS, **work()).json()["id"]

    assert call("post", WINDOWS, by="dev1", **work()).status_code == 403
    assert call("post", f"{WINDOWS}{window}/end/", by="dev1").status_code == 403
    for path in (SILENCES, f"{SILENCES}preview/", f"{SILENCES}{silence}/end/", "routes/try/"):
        assert call("post", path, scope="read", **disk()).status_code == 403
    assert Silence.objects.get().expired_at is None
    assert call("get", f"{WINDOWS}{window}/", by="dev1", scope="read").status_code == 200


NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "path", [f"{SILENCES}{NOBODYS}/", f"{SILENCES}7/", f"{WINDOWS}{10**12}/", f"{WINDOWS}{10**30}/",
             f"{WINDOWS}점검/", f"routes/{10**12}/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(call, path):
    assert call("get", path).status_code == 404
    assert call("post", f"{path}end/").status_code == 404
    assert call("post", f"{path}restore/").status_code == 404


@pytest.mark.parametrize(("path", "said"), BOTH)
def test_lists_cost_the_same_however_long(call, firing, path, said):
    found = []
    for count in (1, 12):
        for _ in range(count):
            call("post", path, **said())
        with CaptureQueriesContext(connection) as queries:
            assert call("get", path).json()["count"] >= count
        found.append(len(queries))

    assert found[0] == found[1]


# Routes


@pytest.fixture
def route(seeded):
    return Route.objects.create(
        name="디스크는 인프라", matchers="title=~.*디스크.*", severity="P3",
        service=Service.objects.get(slug="withdrawals"),
    )  # fmt: skip


def test_a_route_is_tried_and_nothing_is_kept(call, firing, route):
    sender = Alert.objects.first().integration.name
    labels = {"title": "디스크 99%", "severity": "critical", "service": "db"}
    said = call("post", "routes/try/", integration=sender, labels=labels, by="dev1").json()

    sent = {"service": "withdrawals", "team": None, "severity": "P3", "group": ""}
    assert said == {"route": route.pk} | sent
    other = call("post", "routes/try/", integration=sender, labels={"severity": "critical"}).json()
    assert (other["route"], other["severity"]) == (None, "P0")
    assert Alert.objects.count() == 2
    (row,) = call("get", "routes/").json()["results"]
    assert (row["name"], row["service"], row["severity"]) == (
        "디스크는 인프라",
        "withdrawals",
        "P3",
    )
    assert call("get", f"routes/{route.pk}/").json() == row


@pytest.mark.parametrize(
    "wrong", [{"integration": "없는 것"}, {"labels": "a=b"}, {"labels": {"a": None}}, {"labels": 7}]
)
def test_a_try_that_cannot_be_read_is_refused(call, firing, wrong):
    usual = {"integration": Alert.objects.first().integration.name, "labels": {"a": "b"}}

    assert call("post", "routes/try/", **(usual | wrong)).status_code == 400


# Alerts


def test_alerts_are_asked_by_incident_and_by_what_keeps_them_quiet(call, firing):
    assert call("get", "alerts/?incident=7").json()["count"] == 0
    for wrong in ("incident=일", "incident=", "incident=0", "status=모름"):
        assert call("get", f"alerts/?{wrong}").status_code == 400
    assert call("get", f"alerts/?incident={10**30}").status_code == 200
    assert {(row["silence"], row["window"], row["route"], row["flaps"])
            for row in call("get", "alerts/").json()["results"]} == {(None, None, None, 0)}  # fmt: skip


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
@pytest.mark.parametrize(("path", "said"), BOTH)
def test_a_time_at_the_edge_of_the_calendar_breaks_nothing(call, firing, path, said, end):
    for name in ("starts_at", "ends_at"):
        assert call("post", path, **said(**{name: end})).status_code in {400, 409}
    assert call("get", path).status_code == 200
    assert call("get", "alerts/").status_code == 200
