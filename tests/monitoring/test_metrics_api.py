from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from monitoring import services
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric
from teams.services import new_api_token

pytestmark = pytest.mark.django_db
METRICS = "/api/v1/metrics/"


@pytest.fixture
def api(commander):
    token = new_api_token(commander, name="test", scope="read")
    return Client(headers={"authorization": f"Token {token}"})


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def queue(api, now):
    metric = Identity("queue", {"service": "withdrawal"}, unit="transfers", kind="business")
    points = [Point(metric, now - n * timedelta(minutes=1), n) for n in range(120)]
    services.write([*points, Point(Identity.of("other"), now, 1)], at=now)
    return Metric.objects.get(name="queue").pk


def test_metrics_are_listed_and_found_by_part_of_their_name(api, queue):
    assert [row["name"] for row in api.get(METRICS).json()["results"]] == ["other", "queue"]

    (row,) = api.get(METRICS, {"search": "QUE"}).json()["results"]

    assert row["labels"] == {"service": "withdrawal"}
    assert [row[name] for name in ("unit", "kind", "service")] == [
        "transfers",
        "business",
        "withdrawal",
    ]


def test_without_a_range_the_last_hour_is_shown(api, queue):
    found = api.get(f"{METRICS}{queue}/samples/").json()

    assert (found["resolution"], found["step"]) == ("raw", 5)
    assert [one["mean"] for one in found["bins"]][-60:] == list(range(59, -1, -1))
    assert len(found["bins"]) <= 61  # the first is just an hour old, or just older


def test_a_range_and_a_number_of_points_are_kept_to(api, queue, now):
    asked = {
        "since": (now - timedelta(hours=2)).isoformat(),
        "points": 30,
        "until": now.isoformat(),
    }

    found = api.get(f"{METRICS}{queue}/samples/", asked).json()

    assert found["resolution"] == "5m"


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "yesterday"},
        {"since": "2026-01-02T00:00Z", "until": "2026-01-01T00:00Z"},
        {"since": "0001-01-01T00:00Z"},
        {"until": "0001-01-01T00:00Z"},
        {"since": "1980-01-01T00:00Z", "until": "9999-12-31T23:00Z"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"points": "1"},
        {"points": "5000"},
    ],
)
def test_a_range_that_is_none_is_refused(api, queue, asked):
    assert api.get(f"{METRICS}{queue}/samples/", asked).status_code == 400


def test_percentiles_are_those_of_the_hours_that_are_rolled_up(api, now):
    yesterday = now - timedelta(days=1)
    latency = Identity.of("latency")
    values = [Point(latency, yesterday + n * timedelta(seconds=1), n + 1) for n in range(1000)]
    services.write(values, at=now)
    services.roll_up(at=now)
    asked = {"since": (yesterday - timedelta(hours=1)).isoformat(), "until": now.isoformat()}

    found = api.get(f"{METRICS}{Metric.objects.get(name='latency').pk}/spread/", asked).json()

    assert found["count"] == 1000
    assert [found[name] for name in ("p50", "p95", "p99")] == pytest.approx(
        [500, 950, 990], rel=0.02
    )


def test_of_nothing_there_are_no_percentiles(api, queue):
    asked = {"since": "2020-01-01T00:00Z", "until": "2020-01-02T00:00Z"}

    found = api.get(f"{METRICS}{queue}/spread/", asked).json()

    assert (found["count"], found["p50"], found["p99"]) == (0, None, None)


def test_a_metric_that_is_not_there_is_not_found(api):
    assert api.get(f"{METRICS}99/samples/").status_code == 404
    assert api.get(f"{METRICS}x/samples/").status_code == 404
