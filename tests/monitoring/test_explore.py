from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from monitoring import services
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def metrics(seeded):
    at = clock.now()
    asked = [
        ("a_seconds", {}),
        ("b_seconds", {}),
        ("c_bytes", {}),
        *(("d", {"host": str(n)}) for n in range(10)),
    ]
    services.write(
        [
            Point(Identity(name, labels), at - n * MINUTE - ago, n + 1)
            for name, labels in asked
            for n in range(60)
            for ago in (timedelta(), DAY)
        ],
        at=at,
    )
    return {str(metric): metric.pk for metric in Metric.objects.all()}


def explored(client, *keys, **asked):
    return client.get("/monitoring/explore/", {"m": keys, "range": "1h"} | asked)


def test_each_unit_has_a_panel_and_an_axis_of_its_own(client, metrics):
    page = explored(client, metrics["a_seconds"], metrics["b_seconds"], metrics["c_bytes"])

    panels = page.context["panels"]
    assert [panel.unit for panel in panels] == ["seconds", "bytes"]
    assert [course.number for course in panels[0].drawing.courses] == [1, 2]


def test_between_lowest_and_highest_all_share_one(client, metrics):
    page = explored(client, metrics["a_seconds"], metrics["c_bytes"], norm="1")

    (panel,) = page.context["panels"]
    assert len(panel.drawing.courses) == 2


def test_yesterday_is_drawn_behind_today(client, metrics):
    page = explored(client, metrics["a_seconds"], than="day")

    then, now = page.context["panels"][0].drawing.courses
    assert (then.faint, now.faint) == (True, False)
    assert then.lines
    assert page.context["legend"][0].earlier


def test_no_more_than_eight_and_nothing_that_is_not_there(client, metrics):
    page = explored(client, *metrics.values(), "x", "9" * 30)

    assert len(page.context["legend"]) == 8
    assert page.context["full"]
    assert explored(client, 999_999).context["panels"] == []


def test_the_same_metric_of_other_labels_is_one_press_away(client, metrics):
    page = explored(client, metrics['d{host="0"}'])

    beside = client.get("/monitoring/explore/" + page.context["alike"]).context["legend"]
    assert len(beside) == 8


def test_a_metric_is_found_and_added_by_its_address(client, metrics):
    page = explored(client, metrics["a_seconds"], q="b_sec")

    ((metric, url),) = page.context["offered"]
    assert metric.name == "b_seconds"
    assert len(client.get("/monitoring/explore/" + url).context["legend"]) == 2
    assert client.get("/monitoring/explore/").status_code == 200


def test_eight_cost_as_much_as_one(client, metrics):
    costs = []
    for keys in (list(metrics.values())[3:4], list(metrics.values())[3:11]):
        explored(client, *keys)
        with CaptureQueriesContext(connection) as queries:
            explored(client, *keys, than="week", norm="1")
        costs.append(len(queries))

    assert abs(costs[0] - costs[1]) <= 1  # of one alone, what is like it is looked for
