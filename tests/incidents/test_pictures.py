"""API latency rises, its alert becomes an incident, and whoever comes sees the chart."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from incidents.models import Incident
from incidents.services import take_in
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.samples import Identity, Point
from monitoring.models import Alert, Anomaly, Metric, MetricState, Rule
from notifications.links import answer_url
from notifications.models import Delivery
from notifications.rendering import render

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def client(commander):
    client = Client()
    client.force_login(commander)
    return client


def measured(name):
    at = clock.now()
    metric = Identity(name, {"service": "api"})
    slow = [Point(metric, at - n * MINUTE, 0.2 if n > 20 else 1.2) for n in range(90)]
    services.write(slow, at=at)
    return Metric.objects.get(name=name)


def fire(metric, key="slow", severity="P1"):
    labels = {"metric": str(metric.pk) if metric else "9" * 18}
    signal = Signal(
        key, f"{key} 지연", severities=[severity], service="api", labels=labels, group="api",
        started_at=clock.now() - 20 * MINUTE,
    )  # fmt: skip
    services.tell([signal], at=clock.now())
    take_in(at=clock.now())
    return Incident.objects.get()


def test_the_room_shows_what_the_alert_is_about_with_the_moment_marked(client, seeded):
    metric = measured("api_seconds")
    incident = fire(metric)

    page = client.get(incident.get_absolute_url())

    (picture,) = page.context["charts"]
    assert picture.metric == metric
    assert len(picture.chart.marks) == 1
    assert picture.chart.spans[0].tone == "p1"
    assert picture.now == "1.2\N{NO-BREAK SPACE}s"
    assert f"{metric.get_absolute_url()}?from=" in page.text


def test_latency_rises_a_rule_fires_and_whoever_is_paged_sees_the_chart(client, seeded):
    metric = measured("api_seconds")
    rule = Rule.objects.create(
        name_ko="API 지연", name_en="API slow", metric="api_seconds", severity="P1",
        params={"limit": 0.5}, title_ko="API가 느려요: {value}",
    )  # fmt: skip
    services.apply_rules(at=clock.now())
    take_in(at=clock.now())

    incident = Incident.objects.get()
    assert (incident.severity, incident.title[:4]) == ("P1", "API가")
    (picture,) = client.get(incident.get_absolute_url()).context["charts"]
    assert picture.metric == metric
    page = Delivery.objects.about(incident.topic).filter(channel="sms").first()
    answer = Client().get("/p/" + answer_url(page).partition("/p/")[2])
    assert 'class="chart' in answer.text
    assert metric.get_absolute_url() not in answer.text  # it leads nowhere without a sign-in
    about = client.get(metric.get_absolute_url())
    assert about.context["chart"].bars[0].label.startswith("API 지연")
    assert rule.get_absolute_url() in about.text


def test_an_anomaly_explains_itself_in_the_room_and_hears_what_people_say(client, seeded):
    metric, at = measured("api_seconds"), clock.now()
    MetricState.objects.create(metric=metric, begun_at=at)
    one = Anomaly.objects.create(
        metric=metric, at=at - 20 * MINUTE, last_at=at, until=at + 30 * MINUTE, peak_at=at,
        reason="unusual", view="hour", score=0.9, bar=0.5, probability=1e-4, every=MINUTE,
        known=timedelta(days=90), value=1.2, observed=1.2, low=0.17, high=0.23,
    )  # fmt: skip
    Rule.objects.create(
        name_ko="지연 이상", name_en="Unusual", kind="anomaly", metric="api_seconds", severity="P1",
        params={"limit": 0.7, "window": 0}, title_ko="API가 평소와 달라요",
    )  # fmt: skip
    services.apply_rules(at=clock.now())
    take_in(at=clock.now())
    incident, say = Incident.objects.get(), reverse("monitoring:say_of_anomaly", args=[one.pk])

    assert "이 요일 이 시간에는 보통 170\N{NO-BREAK SPACE}ms" in incident.description
    assert "약 6일에 한 번" in incident.description, "how rare it is"
    room = client.get(incident.get_absolute_url())
    (picture,) = room.context["charts"]
    assert len(picture.chart.expected) == len(picture.chart.dots) == 1
    for page in (room, client.get("/alerts/"), client.get(metric.get_absolute_url())):
        assert say in page.text
        assert "이 요일 이 시간에는 보통 170\N{NO-BREAK SPACE}ms" in page.text
    client.post(say, {"said": "noise"})
    assert "70점" in client.get(metric.get_absolute_url()).context["judged"]
    assert "70점" in client.get("/alerts/").text
    services.apply_rules(at=clock.now() + MINUTE)
    assert Alert.objects.get().resolved_at, "a false alarm is over at once"


def test_whoever_is_paged_is_led_to_the_runbook_of_the_rule(client, seeded, settings):
    settings.BASE_URL = "https://bongsu.example"
    then = clock.now() - MINUTE / 2
    services.write([Point(Identity("redis_accepting", {"check": "r"}), then, 0)], at=then)
    services.apply_rules(at=clock.now())
    take_in(at=clock.now())

    incident, rule = Incident.objects.get(), Rule.objects.get(built_in="redis-refusing")
    address = f"https://bongsu.example/monitoring/rules/{rule.pk}/runbook/"
    page = Delivery.objects.about(incident.topic).filter(channel="email").first()
    assert address in render(page).text
    assert address in client.get(incident.get_absolute_url()).text
    assert address in Client().get("/p/" + answer_url(page).partition("/p/")[2]).text


def test_the_bar_of_the_rule_that_fired_stands_in_the_picture(client, seeded):
    measured("api_seconds")
    Rule.objects.create(
        name_ko="API 지연", name_en="API slow", metric="api_seconds", severity="P1",
        params={"limit": 0.5}, title_ko="API가 느려요",
    )  # fmt: skip
    services.apply_rules(at=clock.now())
    take_in(at=clock.now())

    (picture,) = client.get(Incident.objects.get().get_absolute_url()).context["charts"]

    assert [bar.tone for bar in picture.chart.bars] == ["p1"]


def test_a_metric_that_is_gone_leaves_the_room_as_it_is(client, seeded):
    incident = fire(None)

    assert client.get(incident.get_absolute_url()).context["charts"] == []


def test_many_metrics_cost_as_much_as_one_and_the_gravest_three_are_shown(client, seeded):
    costs = []
    for start, end in ((0, 1), (1, 12)):
        for n in range(start, end):
            incident = fire(measured(f"m{n:02}"), key=f"k{n:02}", severity="P2" if n < 8 else "P1")
        client.get(incident.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(incident.get_absolute_url())
        costs.append(len(queries))

    assert [picture.metric.name for picture in page.context["charts"]] == ["m08", "m09", "m10"]
    assert costs[0] == costs[1]


def test_the_list_of_alerts_shows_a_line_for_those_that_fire(client, seeded):
    metric = measured("api_seconds")
    fire(metric)

    (pair,) = client.get("/alerts/").context["rows"]
    assert pair[1].spark

    services.tell([Signal("slow", "t", resolved=True)], at=clock.now())
    (pair,) = client.get("/alerts/").context["rows"]
    assert pair[1].spark is None
    assert "from=" in pair[1].url
