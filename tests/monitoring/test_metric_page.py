from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents.services import declare, take_in
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.samples import Identity, Point
from monitoring.models import Check, MaintenanceWindow, Metric, Rule
from teams.models import Service

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def metric(seeded):
    at = clock.now()
    identity = Identity("api_seconds", {"service": "api"}, kind="application")
    services.write([Point(identity, at - n * MINUTE, 0.2 + n / 1000) for n in range(300)], at=at)
    return Metric.objects.get(name="api_seconds")


def fire(metric, key="slow", **said):
    labels = {"metric": str(metric.pk)}
    services.tell(
        [Signal(key, "API 지연", severities=["P1"], service="api", labels=labels, **said)],
        at=clock.now(),
    )


def path(metric, query=""):
    return f"/monitoring/metrics/{metric.pk}/{query}"


def test_a_metric_is_drawn_with_what_fired_and_its_incident(client, metric):
    fire(metric, started_at=clock.now() - 20 * MINUTE)
    take_in(at=clock.now())

    page = client.get(path(metric, "?range=1h"))

    chart = page.context["chart"]
    assert len(chart.lines) == 1
    assert chart.spans[0].tone == "p1"
    assert chart.marks[0].label.startswith("#")
    assert chart.marks[0].url in page.text
    assert "API 지연" in page.text
    assert page.context["now"] == "200\N{NO-BREAK SPACE}ms"


def test_an_incident_that_a_person_declared_for_its_service_is_marked(client, metric, commander):
    metric.service = Service.objects.get_or_create(slug="api", defaults={"name": "API"})[0]
    metric.save()
    incident = declare(
        "느려요", severity="P2", services=[metric.service], by=commander, at=clock.now()
    )

    marks = client.get(path(metric, "?range=1h")).context["chart"].marks

    assert [mark.label for mark in marks] == [f"#{incident.number}"]


def test_rules_without_a_height_are_named_with_what_they_ask_for(client, metric):
    usual = {"metric": metric.name, "severity": "P2"}
    full = {"limit": 86_400.0, "full": 30.0, "rising": True, "history": 259_200.0}
    Rule.objects.create(name_ko="곧 참", kind="forecast", params=full, **usual)
    Rule.objects.create(name_ko="소식 없음", kind="absence", params={"limit": 300.0}, **usual)
    Rule.objects.create(name_ko="깨짐", kind="threshold", params={}, **usual)
    shown = client.get(path(metric, "?range=1h"))

    assert [bar.label.split()[0] for bar in shown.context["chart"].bars] == ["곧"]
    assert [one.rule.name_ko for one in shown.context["rules"]] == ["곧 참", "소식 없음"]
    assert "5분" in shown.text


@pytest.mark.parametrize(("interval", "stale"), [(MINUTE, True), (60 * MINUTE, False)])
def test_what_is_read_once_an_hour_is_not_silent_after_forty_minutes(
    client, seeded, interval, stale
):
    then = clock.now() - 40 * MINUTE
    Check.objects.create(name="shop", collector="tcp", interval=interval, since=then, due_at=then)
    services.write([Point(Identity.of("tcp_seconds", check="shop", host="h"), then, 1)], at=then)

    metric = Metric.objects.get(name="tcp_seconds")

    assert client.get(path(metric)).context["stale"] is stale
    (row,) = client.get("/monitoring/metrics/?q=tcp_seconds").context["rows"]
    assert row.stale is stale


def test_percentiles_are_told_of_any_time_with_readings(client, metric):
    services.roll_up(at=clock.now() + timedelta(hours=7))

    labels = [figure.label for figure in client.get(path(metric)).context["figures"]]

    assert {"p50", "p95", "p99"} < set(labels)
    short = [figure.label for figure in client.get(path(metric, "?range=1h")).context["figures"]]
    assert "p95" in short


def test_a_maintenance_window_of_its_service_is_shaded_and_of_another_is_not(client, metric):
    at = clock.now()
    for slug in ("api", "wallet"):
        window = MaintenanceWindow.objects.create(
            name=f"{slug} 교체", starts_at=at - 30 * MINUTE, ends_at=at + 30 * MINUTE,
            created_by="t", created_at=at,
        )  # fmt: skip
        window.services.add(Service.objects.get(slug=slug))

    shades = client.get(path(metric, "?range=1h")).context["chart"].shades

    assert [shade.label for shade in shades] == ["api 교체"]


def test_a_chart_of_rolled_up_samples_ends_now(client, metric):
    services.roll_up(at=clock.now() - 10 * MINUTE)  # the newest buckets are not due yet

    page = client.get(path(metric, "?range=6h"))

    assert page.context["numbers"][-1].at >= clock.now() - 6 * MINUTE


def test_the_bars_of_the_rules_that_judge_it_are_drawn(client, metric):
    usual = {"severity": "P1", "params": {"limit": 0.35}, "metric": "api_seconds"}
    mine = Rule.objects.create(name_ko="느림", name_en="slow", matchers="service=api", **usual)
    Rule.objects.create(name_ko="남", name_en="other", matchers="service=x", **usual)

    page = client.get(path(metric))

    (bar,) = page.context["chart"].bars
    assert (bar.label, bar.tone) == ("느림 350\N{NO-BREAK SPACE}ms", "p1")
    assert mine.get_absolute_url() in page.text


def test_a_stretch_without_data_says_so(client, metric):
    page = client.get(path(metric, "?from=2026-01-01T00:00&to=2026-01-02T00:00"))

    assert page.context["has_numbers"] is False
    assert page.status_code == 200


def test_who_cannot_see_the_chart_reads_it_as_numbers(client, metric):
    numbers = client.get(path(metric, "?range=1h")).context["numbers"]

    assert 10 < len(numbers) <= 48
    assert numbers[-1].mean.endswith("ms")


def test_a_reader_who_polls_is_told_of_a_new_sample_only(client, metric):
    for _ in range(2):  # a minute may end between the two
        version = client.get(path(metric, "?range=7d")).context["version"]
        answer = client.get(path(metric, f"?range=7d&v={version}")).status_code
        if answer == 204:
            break
    assert answer == 204
    services.write(
        [Point(Identity("api_seconds", {"service": "api"}), clock.now(), 9)], at=clock.now()
    )

    news = client.get(path(metric, f"?range=7d&v={version}"), headers={"hx-request": "true"})

    assert 'hx-swap-oob="innerHTML:#course"' in news.text


def test_a_metric_costs_the_same_with_one_alert_and_with_sixty(client, metric):
    costs = []
    for start, end in ((0, 1), (1, 60)):
        for n in range(start, end):
            fire(metric, key=f"k{n}")
        take_in(at=clock.now())
        client.get(path(metric))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(metric)).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1] < 18


def test_nobody_renames_a_metric_but_its_unit_can_be_said(client, metric):
    change = f"/console/monitoring/metric/{metric.pk}/change/"
    client.post(change, {"service": "", "kind": "system", "unit": "seconds", "name": "x"})
    metric.refresh_from_db()

    assert (metric.name, metric.kind, metric.unit) == ("api_seconds", "system", "seconds")
    assert "api_seconds" in client.get("/console/monitoring/metric/?q=api").text
