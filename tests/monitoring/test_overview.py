from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents.services import take_in as incidents_read
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.overview import (
    Firing,
    Measured,
    State,
    cause_of,
    kind_of,
    patience,
    state_of,
    worst,
)
from monitoring.domain.samples import Identity, Point
from monitoring.models import Alert, Metric
from teams.models import Service

NOW = clock.now()
HOUR = timedelta(hours=1)
FRESH, OLD = Measured(3, NOW), Measured(3, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("firing", "measured", "state"),
    [
        ([], None, State.UNKNOWN),
        ([], FRESH, State.CALM),
        ([], Measured(1, None), State.CALM),  # so new that no roll-up has seen it
        ([], OLD, State.STALE),
        ([Firing("P2", muted=False), Firing("P1", muted=False)], FRESH, State.P1),
        ([Firing("P3", muted=False)], None, State.P3),
        ([Firing("P0", muted=True)], FRESH, State.QUIET),
        ([Firing("P0", muted=True), Firing("P3", muted=False)], FRESH, State.P3),
        ([Firing("P0", muted=True)], OLD, State.STALE),
        ([Firing("none", muted=False)], FRESH, State.CALM),  # kept only
        ([], Measured(3, NOW - HOUR, 3 * HOUR), State.CALM),  # its check comes once an hour
        ([], Measured(3, NOW - 4 * HOUR, 3 * HOUR), State.STALE),
        ([], Measured(3, NOW - HOUR, None), State.UNKNOWN),  # its checks are paused
        ([], Measured(3, NOW - timedelta(days=8)), State.UNKNOWN),  # removed
        ([], Measured(3, NOW - timedelta(days=8), timedelta(days=9)), State.CALM),
    ],
)
def test_a_cell_says_the_worst_that_is_open_or_how_much_is_known(firing, measured, state):
    assert state_of(firing, measured, at=NOW) is state


def test_a_place_may_be_silent_for_three_intervals_of_its_slowest_check_that_runs():
    assert patience([]) == patience([timedelta(minutes=1)]) == timedelta(minutes=15)
    assert patience([timedelta(minutes=1), HOUR, None]) == 3 * HOUR
    assert patience([None]) is None


def test_what_is_quiet_for_one_cause_says_it_and_for_several_does_not():
    kept = Firing("P1", muted=True, cause="database")
    assert cause_of([kept, kept]) == "database"
    assert cause_of([kept, Firing("P1", muted=True)]) == ""
    assert cause_of([]) == ""


def test_the_worst_of_a_line_is_what_it_says():
    assert worst([State.CALM, State.P2, State.UNKNOWN]) is State.P2
    assert worst([State.CALM, State.STALE]) is State.STALE
    assert worst([]) is State.UNKNOWN


@pytest.mark.parametrize(
    ("told", "measured", "kind"),
    [
        ("security", "system", "security"),
        (None, "business", "business"),
        ("x", None, "application"),
    ],
)
def test_an_alert_belongs_to_the_class_it_names_or_that_of_its_metric(told, measured, kind):
    assert kind_of(told, measured) == kind


@pytest.fixture
def commander_client(commander):
    client = Client()
    client.force_login(commander)
    return client


def measured(name, service, kind, *, at, value=1.0):
    metric = Identity(name, {"service": service}, kind=kind)
    points = [Point(metric, at - n * timedelta(minutes=1), value + n) for n in range(30)]
    services.write(points, at=at)
    return Metric.objects.get(name=name, labels={"service": service})


def fire(service, severity="critical", **labels):
    signal = Signal(service, "t", severities=[severity], service=service, labels=labels)
    services.tell([signal], at=clock.now())


@pytest.mark.django_db
def test_the_lights_show_service_by_class_the_worst_first(commander_client):
    at = clock.now()
    calm = measured("cpu", "withdrawals", "system", at=at)
    late = measured("latency", "api", "application", at=at)
    fire("api", "P1", metric=str(late.pk))

    page = commander_client.get("/monitoring/")

    first, *_ = lines = page.context["lines"]
    assert first.name == Service.objects.get(slug="api").name
    assert [cell.state for cell in first.cells] == ["unknown", "p1", "unknown", "unknown"]
    (line,) = [line for line in lines if line.cells[0].state == "calm"]
    assert line.name == Service.objects.get(slug="withdrawals").name
    assert line.cells[0].spark
    assert first.cells[1].url == "/alerts/?q=api&status=firing"
    assert line.cells[0].url == "/monitoring/metrics/?service=withdrawals&kind=system"
    assert calm.kind == "system"


@pytest.mark.django_db
def test_the_line_of_a_place_is_that_of_the_metric_that_fires(commander_client):
    at = clock.now()
    measured("first", "api", "application", at=at, value=1)
    fires = measured("second", "api", "application", at=at, value=1_000)
    fire("api", "P1", metric=str(fires.pk))

    (line, *_) = commander_client.get("/monitoring/").context["lines"]

    assert line.cells[1].spark.low > 900


@pytest.mark.django_db
def test_data_that_stopped_is_not_called_calm(commander_client):
    metric = measured("cpu", "api", "system", at=clock.now())
    Metric.objects.filter(pk=metric.pk).update(last_at=clock.now() - timedelta(hours=2))

    page = commander_client.get("/monitoring/")

    assert page.context["lines"][0].cells[0].state is State.STALE


@pytest.mark.django_db
def test_services_that_nobody_measures_stand_aside(commander_client):
    measured("cpu", "api", "system", at=clock.now())

    page = commander_client.get("/monitoring/")

    assert len(page.context["lines"]) == 1
    assert len(page.context["unwatched"]) == Service.objects.count() - 1


@pytest.mark.django_db
def test_alerts_of_no_known_service_have_a_line_of_their_own(commander_client):
    fire("")

    assert commander_client.get("/monitoring/").context["lines"][0].cells[1].state.troubled


@pytest.mark.django_db
def test_with_nothing_measured_the_page_teaches_how_to_begin(commander_client):
    page = commander_client.get("/monitoring/")

    assert page.context["is_empty"]
    assert "/ingest/metrics/TOKEN/" in page.text


@pytest.mark.django_db
def test_a_reader_who_polls_is_told_of_news_only(commander_client):
    version = commander_client.get("/monitoring/").context["version"]
    minute = version.rsplit("-", 1)[0]
    fire("api")
    news = commander_client.get(f"/monitoring/?v={version}", headers={"hx-request": "true"})

    assert news.status_code == 200
    assert 'hx-swap-oob="innerHTML:#lights"' in news.text
    assert commander_client.get("/monitoring/").context["version"].rsplit("-", 1)[0] != minute
    for _ in range(2):  # a minute may end between the two
        again = commander_client.get("/monitoring/").context["version"]
        answer = commander_client.get(f"/monitoring/?v={again}").status_code
        if answer == 204:
            break
    assert answer == 204


@pytest.mark.django_db
def test_the_lights_cost_the_same_with_five_and_with_two_hundred_services(commander_client):
    costs = []
    for start, end in ((0, 5), (5, 200)):
        many = [Service(slug=f"s{n}", name_ko=f"s{n}", name_en=f"s{n}") for n in range(start, end)]
        Service.objects.bulk_create(many)
        at = clock.now()
        metrics = [
            Identity("m", {"service": service.slug}, kind=kind)
            for service in many
            for kind in ("system", "business")
        ]
        services.write([Point(metric, at, 1) for metric in metrics], at=at)
        for service in many[:20]:
            fire(service.slug, metric=str(Metric.objects.filter(service=service)[0].pk))
        commander_client.get("/monitoring/")
        with CaptureQueriesContext(connection) as queries:
            assert commander_client.get("/monitoring/").status_code == 200
        costs.append(len(queries))

    assert Alert.objects.open().count() == 25
    assert costs[0] == costs[1] < 15


@pytest.mark.django_db
class TestList:
    def test_metrics_are_found_by_words_and_labels(self, commander_client):
        at = clock.now()
        names = [
            ("cpu", {"host": "web-1"}),
            ("cpu", {"host": "web-2"}),
            ("queue", {"rail": "trc20"}),
        ]
        services.write([Point(Identity(name, labels), at, 5) for name, labels in names], at=at)

        def found(**asked):
            return [
                row.metric.labels
                for row in commander_client.get("/monitoring/metrics/", asked).context["rows"]
            ]

        assert found(q="CPU web-2") == [{"host": "web-2"}]
        assert found(q="host=web-1") == [{"host": "web-1"}]
        assert found(q="TRC") == [{"rail": "trc20"}]
        assert found(q="host=web") == []
        assert found(kind="business") == []
        assert len(found(service="-")) == 3

    def test_a_metric_shows_where_it_stands_now_with_its_unit(self, commander_client):
        at = clock.now()
        points = [
            Point(Identity("free_bytes"), at - timedelta(minutes=n), (n + 1) * 2**30)
            for n in range(5)
        ]
        services.write(points, at=at)

        (row,) = commander_client.get("/monitoring/metrics/").context["rows"]

        assert row.value == "1\N{NO-BREAK SPACE}GiB"
        assert row.spark
        assert not row.stale

    def test_the_list_costs_the_same_however_many_there_are(self, commander_client):
        costs = []
        for start, end in ((0, 5), (5, 700)):
            at = clock.now()
            many = [Identity("m", {"n": str(n)}) for n in range(start, end)]
            services.write([Point(metric, at, 1) for metric in many], at=at)
            commander_client.get("/monitoring/metrics/")
            with CaptureQueriesContext(connection) as queries:
                page = commander_client.get("/monitoring/metrics/")
            costs.append(len(queries))

        assert page.context["count"] == "550+"
        assert costs[0] == costs[1] < 15


@pytest.mark.django_db
def test_a_cell_kept_quiet_by_what_its_service_stands_on_says_so(commander_client):
    base, above = (
        Service.objects.create(slug=name, name_ko=name, name_en=name) for name in ("base", "above")
    )
    above.depends_on.add(base)
    fire("base")
    incidents_read(at=clock.now())
    fire("above")
    incidents_read(at=clock.now())

    page = commander_client.get("/monitoring/")

    assert Alert.objects.get(service="above").because_of.service == "base"
    assert "base 때문" in page.text
