"""The portal as one more thing that checks read."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from core import clock
from core.models import Heartbeat
from incidents import services
from monitoring.registry import collectors
from notifications.models import Delivery
from teams.models import User
from tests.monitoring.collectors.conftest import take

__all__ = ["take"]


@pytest.mark.django_db
def test_what_waits_in_the_portals_own_tables_is_read(take, seeded):
    services.declare("t", severity="P0", by=User.objects.get(username="commander"), at=clock.now())
    Delivery.objects.filter(state="pending").update(due_at=clock.now() - timedelta(seconds=90))
    Heartbeat.objects.beat("monitoring")

    found = take("portal")

    assert found.fault == ""
    assert found.value("bongsu_incidents_open", severity="P0") == 1
    assert found.value("bongsu_delivery_overdue_seconds", lane="page") >= 90
    assert found.value("bongsu_tick_age_seconds", tick="monitoring") < 60
    assert {one.unit for one in found.readings if one.name.endswith("_seconds")} == {"s"}


def test_where_there_is_no_portal_it_is_said(take, monkeypatch):
    def away(**_):
        raise ImproperlyConfigured

    monkeypatch.setattr("core.clock.database_now", away)

    with translation.override("en"):
        assert take("portal").fault == "The portal's own tables cannot be read here."


def test_it_is_offered_like_the_others():
    assert "portal" in collectors
