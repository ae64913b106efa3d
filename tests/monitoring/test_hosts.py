from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.hosts import About, about, short
from monitoring.domain.samples import Identity, Point

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("host_cpu_used", About.CPU),
        ("host_load_per_cpu", About.LOAD),
        ("node_memory_MemFree_bytes", About.MEMORY),
        ("host_swap_used", About.MEMORY),
        ("host_disk_inodes_used", About.DISK),
        ("host_network_sent_bytes", About.NETWORK),
        ("host_processes", About.PROCESSES),
        ("host_uptime_seconds", About.OTHER),
    ],
)
def test_what_a_metric_of_a_host_is_about(name, group):
    assert about(name) is group


def test_on_a_hosts_page_it_need_not_be_said_that_it_is_a_hosts():
    assert short("host_cpu_used") == "cpu used"


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


def measured(host, *, at):
    names = [
        ("host_cpu_used", {}, 42), ("host_memory_used", {}, 61), ("host_load_1m", {}, 2),
        ("host_disk_used", {"mount": "/"}, 30), ("host_disk_used", {"mount": "/data"}, 93),
    ]  # fmt: skip
    services.write(
        [
            Point(Identity(name, {"host": host} | labels, unit="%"), at - n * MINUTE, value)
            for name, labels, value in names
            for n in range(20)
        ],
        at=at,
    )


@pytest.mark.django_db
def test_hosts_are_listed_with_how_each_is(client):
    at = clock.now()
    measured("web-1", at=at)
    measured("web-2:9100", at=at)
    services.tell([Signal("k", "t", severities=["P2"], labels={"host": "web-1"})], at=at)

    first, second = client.get("/monitoring/hosts/").context["rows"]

    assert [figure.value.replace("\N{NO-BREAK SPACE}", "") for figure in first.figures] == [
        "42%",
        "61%",
        "93%",
    ]
    assert (first.severity, first.alerts, second.severity) == ("P2", 1, "")
    assert len(client.get("/monitoring/hosts/?q=9100").context["rows"]) == 1


@pytest.mark.django_db
def test_a_host_shows_all_that_is_measured_on_it_on_one_axis_of_time(client):
    measured("web-1", at=clock.now())
    measured("web-2", at=clock.now())

    page = client.get("/monitoring/hosts/web-1/?range=1h")

    groups = {
        group.title: [small.detail for small in group.charts] for group in page.context["groups"]
    }
    assert max(groups.values(), key=len) == ["/", "/data"]
    assert len({tuple(s.chart.times) for g in page.context["groups"] for s in g.charts}) == 1
    assert client.get("/monitoring/hosts/nobody/").status_code == 404


@pytest.mark.django_db
def test_hosts_cost_the_same_with_one_and_with_forty(client):
    at = clock.now()
    costs = []
    for start, end in ((0, 1), (1, 40)):
        for n in range(start, end):
            measured(f"h{n}", at=at)
        found = []
        for path in ("/monitoring/hosts/", "/monitoring/hosts/h0/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        costs.append(found)

    assert costs[0] == costs[1]
    assert max(costs[0]) < 16
