"""What stands on a service that is down calls nobody a second time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import Incident
from monitoring import services as alerts
from monitoring.domain.alerts import Signal
from monitoring.domain.dependence import AFTERMATH, LOOKED_AT_AGAIN
from monitoring.domain.matching import read_lines
from monitoring.models import Alert, Route
from notifications.models import Delivery
from teams.models import Service
from tests.incidents.conftest import START, after

pytestmark = pytest.mark.django_db
CRITICAL, WARNING = ["critical"], ["warning"]


@pytest.fixture(autouse=True)
def needs(seeded):
    """withdrawals → api → database"""
    by = {service.slug: service for service in Service.objects.all()}
    for service in by.values():
        service.depends_on.clear()
    by["withdrawals"].depends_on.add(by["api"])
    by["api"].depends_on.add(by["database"])


def pass_to(at):
    alerts.release_due(at=at)
    alerts.wake_due(at=at)
    while services.take_in(at=at):
        pass


def alert(key):
    return Alert.objects.get(key=key)


def test_a_database_that_is_down_calls_once_for_all_that_stands_on_it(fire):
    fire("db", service="database", severities=["P0"], title="DB 접속 거부")
    called = Delivery.objects.count()
    for number in range(9):
        fire(f"w{number}", service=("withdrawals", "api")[number % 2], at=after(seconds=number))

    assert Incident.objects.count() == 1
    assert Delivery.objects.count() == called
    quiet = Alert.objects.filter(because_of=alert("db"))
    assert quiet.count() == 9
    assert {one.muted_until for one in quiet} == {
        after(seconds=number) + LOOKED_AT_AGAIN for number in range(9)
    }


def test_what_came_in_the_same_moment_is_quiet_in_whatever_order(fire, integration):
    said = [("w", "withdrawals", "P1"), ("db", "database", "P1"), ("a", "api", "P1")]
    signals = [Signal(key=k, title=k, service=s, severities=[level]) for k, s, level in said]
    alerts.store(integration, b"", signals, at=START)
    pass_to(START)

    assert Incident.objects.get().title == "db"


def test_what_had_called_before_goes_on_calling(fire):
    first = fire("w", severities=["P2"])
    fire("db", service="database", severities=["P0"], at=after(seconds=5))
    fire("w", severities=["P1"], at=after(seconds=9))

    first.refresh_from_db()
    assert first.severity == "P1"
    assert alert("w").muted_until is None


def test_what_is_graver_than_its_cause_calls(fire):
    fire("db", service="database", severities=["P1"])
    fire("w", severities=["P0"], at=after(seconds=5))

    assert Incident.objects.count() == 2


def test_a_cause_that_is_not_down_keeps_nobody_quiet(fire):
    fire("db", service="database", severities=["P2"])
    fire("w", severities=["P2"], at=after(seconds=5))

    assert Incident.objects.count() == 2


def test_a_silenced_cause_keeps_nobody_quiet(fire):
    alerts.silence(
        read_lines("service=database"), starts_at=START, ends_at=after(hours=1), created_by="x",
        at=START,
    )  # fmt: skip
    fire("db", service="database", severities=["P0"], at=after(seconds=1))
    fire("w", at=after(seconds=5))

    assert Incident.objects.count() == 1


def test_when_the_cause_is_over_what_still_fires_calls_after_a_while(fire):
    fire("db", service="database", severities=["P0"])
    fire("w", at=after(seconds=5))
    fire("a", service="api", severities=["P1"], at=after(seconds=6))
    fire("db", resolved=True, service="database", at=after(minutes=10))
    fire("a", resolved=True, service="api", at=after(minutes=11))

    pass_to(after(minutes=10) + AFTERMATH / 2)
    assert Incident.objects.count() == 1
    pass_to(after(minutes=10) + AFTERMATH)

    assert Incident.objects.count() == 2
    assert Incident.objects.latest("number").title == "출금 중단"
    assert alert("w").because_of == alert("db"), "why it was quiet stays known"


def test_what_never_ends_is_looked_at_again_and_stays_quiet(fire):
    fire("db", service="database", severities=["P0"])
    fire("w", at=after(seconds=5))

    pass_to(after(seconds=5) + LOOKED_AT_AGAIN)

    assert Incident.objects.count() == 1
    assert alert("w").muted_until == after(seconds=5) + 2 * LOOKED_AT_AGAIN


def test_one_that_grows_graver_than_its_cause_calls(fire):
    fire("db", service="database", severities=["P1"])
    fire("w", severities=["P1"], at=after(seconds=5))
    fire("w", severities=["P0"], at=after(seconds=9))

    assert Incident.objects.count() == 2


def test_where_a_route_sends_it_counts(fire, integration):
    Route.objects.create(
        name="DB", position=1, matchers="alertname=pg",
        service=Service.objects.get(slug="database"), severity="P0",
    )  # fmt: skip
    fire("x", service="", group="pg", severities=WARNING)
    fire("w", at=after(seconds=5))

    assert Incident.objects.count() == 1
    assert alert("w").because_of == alert("x")


def test_a_storm_costs_no_more_questions(fire, integration):
    fire("db", service="database", severities=["P0"])

    def asked(count):
        signals = [
            Signal(key=f"{count}-{n}", title="x", service="withdrawals", severities=CRITICAL)
            for n in range(count)
        ]
        alerts.store(integration, b"", signals, at=after(seconds=count))
        with CaptureQueriesContext(connection) as captured:
            services.take_in(at=after(seconds=count))
        return len(captured)

    asked(1)
    assert asked(2) == asked(200)
