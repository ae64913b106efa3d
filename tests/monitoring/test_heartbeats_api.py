"""Jobs that have to be heard of, by the API: kept, paused and let go as on the pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from monitoring import services
from monitoring.domain.heartbeats import Kind
from monitoring.models import Alert, HeartbeatMonitor
from teams.models import User
from teams.services import new_api_token

pytestmark = pytest.mark.django_db

HEARTBEATS = "/api/v1/heartbeats/"
HOUR = timedelta(hours=1)


@pytest.fixture
def call(seeded):
    def send(method, path="", *, by="cto", scope="write", **body):
        token = new_api_token(User.objects.get(username=by), name="test", scope=scope)
        client = Client(headers={"authorization": f"Token {token}"})
        return getattr(client, method)(
            f"{HEARTBEATS}{path}", body or None, content_type="application/json"
        )

    return send


def backup(**said):
    return {"name": "야간 백업", "service": "withdrawals", "severity": "P1", "period": 3600,
            "grace": 600} | said  # fmt: skip


def test_a_job_is_kept_pings_and_is_read(call, client):
    made = call("post", **backup())
    assert made.status_code == 201
    said = made.json()
    assert (said["state"], said["period"], said["grace"]) == ("new", 3600, 600)
    assert said["time_zone"] == User.objects.get(username="cto").time_zone

    path = said["address"].partition("8000")[2]
    assert client.post(path).status_code == 200
    now = call("get", f"{said['id']}/", by="dev1", scope="read").json()
    assert now["state"] == "up"
    assert now["last_ping_at"] < now["too_late_at"]
    (ping,) = call("get", f"{said['id']}/pings/").json()["results"]
    assert ping["kind"] == "success"


def test_what_is_changed_counts_from_the_last_ping(call):
    row = services.keep(HeartbeatMonitor(name="백업", period=HOUR, grace=HOUR))
    services.ping(row.key, Kind.SUCCESS, at=clock.now())
    said = call("patch", f"{row.pk}/", period=60, service=None).json()

    assert (said["period"], said["grace"], said["name"]) == (60, 3600, "백업")
    row.refresh_from_db()
    assert row.due_at == row.last_ping_at + timedelta(minutes=1) + HOUR


def test_it_is_paused_and_goes_on_each_as_often_as_it_is_said(call):
    key = call("post", **backup()).json()["id"]

    states = [call("post", f"{key}/{move}/").json()["state"]
              for move in ("pause", "pause", "resume", "resume")]  # fmt: skip
    assert states == ["paused", "paused", "new", "new"]


def test_resuming_what_runs_does_not_give_it_its_time_again(call):
    row = services.keep(HeartbeatMonitor(name="백업", period=HOUR, grace=HOUR))
    services.ping(row.key, Kind.SUCCESS, at=clock.now() - HOUR)
    before = HeartbeatMonitor.objects.get().due_at
    call("post", f"{row.pk}/resume/")

    assert HeartbeatMonitor.objects.get().due_at == before


def test_whoever_lets_it_go_ends_its_alert(call):
    row = services.keep(HeartbeatMonitor(name="백업", period=HOUR, grace=HOUR))
    services.ping(row.key, Kind.FAIL, at=clock.now())
    services.watch_heartbeats(at=clock.now())
    assert Alert.objects.open().exists()

    assert call("delete", f"{row.pk}/").status_code == 204
    assert call("delete", f"{row.pk}/").status_code == 404
    assert not Alert.objects.open().exists()


@pytest.mark.parametrize(
    ("wrong", "at_fault"),
    [
        ({"name": ""}, "name"),
        ({"name": "가" * 121}, "name"),
        ({"name": None}, "name"),
        ({"service": "없는-서비스"}, "service"),
        ({"severity": "심각"}, "severity"),
        ({"period": "한 시간"}, "period"),
        ({"period": -1}, "period"),
        ({"period": 0}, "period"),
        ({"grace": -1}, "grace"),
        ({"period": 1e300}, "period"),
        ({"period": 1e12}, "period"),
        ({"cron": "매일"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"time_zone": "서울"}, "time_zone"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_kept(call, wrong, at_fault):
    answer = call("post", **backup(**wrong))

    assert (answer.status_code, list(answer.json())) == (400, [at_fault])
    assert not HeartbeatMonitor.objects.exists()
    row = services.keep(HeartbeatMonitor(name="백업", period=HOUR, grace=HOUR))
    assert call("patch", f"{row.pk}/", **wrong).status_code == 400


def test_only_commanders_change_jobs_and_never_by_a_reading_token(call):
    key = call("post", **backup()).json()["id"]

    for method, path in (("post", ""), ("patch", f"{key}/"), ("delete", f"{key}/"),
                         ("post", f"{key}/pause/"), ("post", f"{key}/resume/")):  # fmt: skip
        assert call(method, path, by="dev1", **backup()).status_code == 403
        assert call(method, path, scope="read", **backup()).status_code == 403
    assert HeartbeatMonitor.objects.get().paused is False
    for path in (f"{10**12}/", f"{10**30}/", "백업/"):
        assert call("get", path).status_code == 404


def test_lists_cost_the_same_however_long(call):
    found = []
    for count in (1, 12):
        for n in range(count):
            row = services.keep(HeartbeatMonitor(name=f"{count} {n}", period=HOUR, grace=HOUR))
            services.ping(row.key, Kind.SUCCESS, at=clock.now())
        with CaptureQueriesContext(connection) as queries:
            call("get")
            call("get", f"{HeartbeatMonitor.objects.first().pk}/pings/")
        found.append(len(queries))

    assert found[0] == found[1]
