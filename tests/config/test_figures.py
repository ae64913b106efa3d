"""Our own figures, as a Prometheus reads them."""

import subprocess
from datetime import timedelta

import httpx2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.figures import Family, text
from core import clock
from core.models import Heartbeat
from incidents import services
from monitoring.domain.alerts import Signal
from monitoring.models import HeartbeatMonitor
from monitoring.services import tell
from notifications.models import Delivery
from teams.models import User
from tests.programs import program
from tests.running import free_ports, until


def scraped(client=None, **headers):
    answer = (client or Client()).get("/metrics", headers=headers)
    assert answer.status_code == 200
    return answer.text.splitlines()


@pytest.fixture
def burning(seeded):
    who = User.objects.get(username="commander")
    for severity in ("P0", "P1", "P1"):
        services.declare("t", severity=severity, by=who, at=clock.now())
    tell([Signal("k", "t", severities=["P2"])], at=clock.now())
    Heartbeat.objects.beat("monitoring")


@pytest.mark.django_db
def test_incidents_alerts_messages_and_ticks_are_counted(burning):
    lines = scraped()

    assert 'bongsu_incidents_open{severity="P1"} 2' in lines
    assert 'bongsu_incidents_open{severity="P3"} 0' in lines
    assert 'bongsu_incidents_unanswered{severity="P0"} 1' in lines
    assert 'bongsu_alerts_firing{severity="P2",silenced="no"} 1' in lines
    waiting = Delivery.objects.filter(state="pending", lane=0).count()
    assert f'bongsu_deliveries_waiting{{lane="page",state="pending"}} {waiting}' in lines
    assert any(line.startswith('bongsu_tick_age_seconds{tick="monitoring"}') for line in lines)


@pytest.mark.django_db
def test_how_long_the_oldest_message_waits_is_told(burning):
    Delivery.objects.filter(state="pending", lane=0).update(
        due_at=clock.now() - timedelta(minutes=5)
    )

    (line,) = [
        one for one in scraped() if one.startswith('bongsu_delivery_overdue_seconds{lane="page"}')
    ]

    assert 299 < float(line.split()[-1]) < 400


@pytest.mark.django_db
def test_the_figures_cost_the_same_with_little_and_with_much(burning):
    costs = []
    for count in (1, 40):
        for n in range(count):
            HeartbeatMonitor.objects.create(name=f"{count}-{n}", period=timedelta(hours=1))
            tell([Signal(f"{count}-{n}", "t")], at=clock.now())
        scraped()
        with CaptureQueriesContext(connection) as queries:
            scraped()
        costs.append(len(queries))

    assert costs[0] == costs[1] < 20


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "headers", "from_", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, "10.0.0.7", 401),
        ("", {"x-forwarded-for": "10.0.0.7"}, "127.0.0.1", 401),
        ("geheim", {}, "127.0.0.1", 401),
        ("geheim", {"authorization": "Bearer falsch"}, "127.0.0.1", 401),
        ("geheim", {"authorization": "Bearer geheim"}, "10.0.0.7", 200),
    ],
)
def test_who_may_read_them(settings, token, headers, from_, status):
    settings.METRICS_TOKEN = token

    assert Client(REMOTE_ADDR=from_).get("/metrics", headers=headers).status_code == status


def test_labels_are_written_as_the_format_asks():
    written = text([Family("n", "gauge", "h", {(("a", 'x"y\\z\n'),): 1.5})])

    assert written.splitlines()[2] == r'n{a="x\"y\\z\n"} 1.5'


@pytest.mark.django_db(transaction=True)
def test_a_real_prometheus_reads_them(burning, live_server, settings, tmp_path):
    settings.METRICS_TOKEN = "geheim"
    (port, _) = free_ports()
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: bongsu\n"
        "    authorization: {credentials: geheim}\n"
        f"    static_configs: [{{targets: ['{live_server.thread.host}:{live_server.thread.port}']}}]\n"
    )
    with (tmp_path / "log").open("w") as log:
        asks = subprocess.Popen(
            [
                program("prometheus", package="prometheus"), "--config.file=prometheus.yml",
                f"--web.listen-address=127.0.0.1:{port}", f"--storage.tsdb.path={tmp_path / 'data'}",
            ],
            cwd=tmp_path, stdout=log, stderr=log,
        )  # fmt: skip

    def asked(query):
        try:
            answer = httpx2.get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": query})
        except httpx2.HTTPError:
            return []
        return answer.json()["data"]["result"] if answer.is_success else []

    try:
        assert until(lambda: any(row["value"][1] == "1" for row in asked("up")), within=60)
        (row,) = asked('bongsu_incidents_open{severity="P1"}')
        assert row["value"][1] == "2"
        assert asked("bongsu_samples_written_total")
    finally:
        asks.kill()
        asks.wait()
