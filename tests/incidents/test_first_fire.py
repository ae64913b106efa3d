from datetime import timedelta

import pytest

from core import clock
from incidents import services
from incidents.models import Incident
from monitoring.domain.alerts import Signal
from monitoring.services import add_integration, store
from notifications.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration(seeded):
    return add_integration("generic", name="probe")[0]


def fire(integration, key="k1", **said):
    said = {"title": "출금 중단", "severities": ["critical"], "service": "withdrawals"} | said
    return store(integration, b"{}", [Signal(key=key, **said)], at=clock.now())


def test_an_alert_becomes_an_incident_and_pages_its_team(integration):
    fire(integration)

    services.take_in(at=clock.now())

    incident = Incident.objects.get()
    assert (incident.severity, incident.status) == ("P0", "triggered")
    assert [service.slug for service in incident.services.all()] == ["withdrawals"]
    assert incident.respond_by - incident.detected_at == timedelta(minutes=15)
    channels = Delivery.objects.about(incident.topic).values_list("channel", flat=True)
    assert sorted(set(channels)) == ["email", "slack", "sms", "voice", "webhook"]
    assert len(channels) == 4 * 4 + 1


def test_a_repeat_counts_and_does_not_page(integration):
    fire(integration)
    services.take_in(at=clock.now())
    fire(integration)

    services.take_in(at=clock.now())

    incident = Incident.objects.get()
    assert incident.alert_links.get().alert.count == 2
    assert Delivery.objects.about(incident.topic).count() == 17
