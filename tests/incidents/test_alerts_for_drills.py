"""What a source for drills sends is a drill, whatever real alerts come at the same time."""

import pytest
from django.db.models import Count

from incidents import services
from incidents.models import Incident
from incidents.screens.noise import report
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import add_integration, store
from notifications.models import Delivery
from tests.incidents.conftest import START, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def drills(seeded):
    return add_integration("generic", name="drills", drill=True)[0]


def come(integration, key="1", *, at=START):
    said = Signal(
        key=key, title="출금 중단", severities=["critical"], service="withdrawals", group="queue"
    )
    store(integration, b"{}", [said], at=at)
    while services.take_in(at=at):
        pass


def test_its_alerts_open_a_drill_and_people_are_paged_with_that_word(integration, drills):
    come(drills)

    incident = Incident.objects.get()
    assert incident.drill
    told = Delivery.objects.about(incident.topic).values_list(
        "context__localised__ko__mark", flat=True
    )
    assert set(told) == {"[훈련] "}


def test_a_real_alert_of_the_same_cause_joins_no_drill_and_a_drill_no_real_one(integration, drills):
    come(drills)
    come(integration, at=after(seconds=1))
    come(drills, "2", at=after(seconds=2))
    come(integration, "2", at=after(seconds=3))

    found = Incident.objects.annotate(alerts=Count("alert_links")).order_by("pk")
    assert list(found.values_list("drill", "alerts")) == [(True, 2), (False, 2)]


def test_its_alerts_are_no_noise(integration, drills):
    come(drills)
    Alert.objects.update(resolved_at=after(seconds=5))

    assert report(at=after(minutes=5)).alerts == 0
