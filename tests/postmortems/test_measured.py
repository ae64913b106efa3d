from datetime import timedelta

import pytest

from core import clock
from incidents.models import Incident
from incidents.services import resolve, take_in
from monitoring import services
from monitoring.domain.alerts import Signal
from monitoring.domain.samples import Identity, Point
from monitoring.models import Metric, Rule
from postmortems.measured import measured
from postmortems.reporting import report_of
from postmortems.services import draft

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident(commander):
    at = clock.now()
    slow = Identity("api_seconds", {"service": "api"})
    services.write([Point(slow, at - n * MINUTE, 1.2 - n / 100) for n in range(60)], at=at)
    Rule.objects.create(
        name_ko="API 지연", name_en="API slow", metric="api_seconds", severity="P1",
        params={"limit": 0.5},
    )  # fmt: skip
    labels = {"metric": str(Metric.objects.get().pk)}
    services.tell(
        [Signal("k", "t", severities=["P1"], labels=labels, started_at=at - 30 * MINUTE)], at=at
    )
    take_in(at=at)
    return Incident.objects.get()


def test_the_report_draws_what_was_measured_with_the_bar_of_its_rule(incident, commander):
    assert list(measured(incident)) == []  # it still lasts
    resolve(incident, by=commander, at=clock.now())
    incident.refresh_from_db()

    (curve,) = report_of(
        draft(incident, by=commander, at=clock.now()), language="ko", digest="x"
    ).curves

    assert (curve.label, curve.unit) == ("api_seconds", "s")
    assert len(curve.points) > 20
    assert curve.limits == (("API 지연 0.5\N{NO-BREAK SPACE}s", 0.5),)


def test_an_incident_of_no_metric_draws_none(commander):
    services.tell([Signal("k", "t", severities=["P1"])], at=clock.now())
    take_in(at=clock.now())
    lonely = Incident.objects.get()
    resolve(lonely, by=commander, at=clock.now())
    lonely.refresh_from_db()

    assert list(measured(lonely)) == []
