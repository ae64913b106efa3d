"""While somebody works on a service, its alerts call nobody; P0 may."""

from datetime import timedelta

import pytest

from incidents import services
from incidents.models import Incident
from monitoring import services as alerts
from monitoring.models import Alert, MaintenanceWindow
from teams.models import Service
from tests.doors.conftest import browser, everyone
from tests.incidents.conftest import START, after

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
WARNING = ["warning"]


@pytest.fixture
def work(commander):
    """Plans an hour of work on these services."""

    def plan(*slugs, starts=START, at=START, **said):
        return alerts.plan_maintenance(
            "데이터베이스 교체", starts_at=starts, ends_at=starts + timedelta(hours=1), by=commander,
            services=list(Service.objects.filter(slug__in=slugs)), at=at, **said,
        )  # fmt: skip

    return plan


def pass_to(at):
    alerts.begin_due(at=at)
    alerts.wake_due(at=at)
    while services.take_in(at=at):
        pass


def test_alerts_of_its_services_call_nobody_and_say_why(fire, work):
    window = work("withdrawals")

    assert fire(severities=WARNING, at=after(minutes=1)) is None
    alert = Alert.objects.get()
    assert (alert.window, alert.muted_until) == (window, window.ends_at)


def test_alerts_of_other_services_call(fire, work):
    work("database")

    assert fire(severities=WARNING, at=after(minutes=1))


def test_without_services_it_is_about_all_of_them(fire, work):
    work()

    assert fire(service="", severities=WARNING, at=after(minutes=1)) is None


def test_the_integrations_own_service_counts_when_none_is_named(fire, work, integration):
    work("database")
    integration.default_service = Service.objects.get(slug="database")
    integration.save()

    assert fire(service="", severities=WARNING, at=after(minutes=1)) is None


@pytest.mark.parametrize("breaks_through", [True, False])
def test_p0_breaks_through_where_it_may(fire, work, breaks_through):
    work("withdrawals", p0_breaks_through=breaks_through)

    assert bool(fire(severities=["critical"], at=after(minutes=1))) is breaks_through


def test_a_quiet_alert_that_turns_into_p0_calls(fire, work):
    work("withdrawals")
    fire(severities=WARNING, at=after(minutes=1))

    incident = fire(severities=["critical"], at=after(minutes=2))

    assert incident.severity == "P0"
    assert Alert.objects.get().muted_until is None


def test_what_still_fires_at_the_end_opens_then(fire, work):
    work("withdrawals")
    fire(severities=WARNING, at=after(minutes=1))
    pass_to(after(minutes=59))
    assert not Incident.objects.exists()

    pass_to(after(minutes=60))

    assert Incident.objects.count() == 1


def test_a_window_that_is_ended_early_lets_what_fires_call(fire, work):
    window = work("withdrawals")
    fire(severities=WARNING, at=after(minutes=1))

    alerts.end_early(window, at=after(minutes=2))
    pass_to(after(minutes=2))

    assert Incident.objects.count() == 1


def test_a_commander_plans_ends_and_goes_on_with_it(browser, everyone):
    client = browser("commander")
    service = Service.objects.get(slug="wallet")
    form = {
        "name": "지갑 서버 교체", "services": [service.pk], "starts_at": "2026-01-01T00:00",
        "ends_at": "2096-01-01T00:00", "p0_breaks_through": "on",
    }  # fmt: skip

    assert client.post("/alerts/maintenance/new/", form).status_code == 302
    window = MaintenanceWindow.objects.get()
    assert list(window.services.all()) == [service]
    client.post(f"/alerts/maintenance/{window.pk}/end/")
    assert "지갑 서버 교체" in client.get("/alerts/maintenance/").content.decode()
    window.refresh_from_db()
    assert window.expired_at
    client.post(f"/alerts/maintenance/{window.pk}/resume/")
    window.refresh_from_db()
    assert window.expired_at is None


def test_a_window_that_ends_before_it_starts_is_refused_and_nothing_is_lost(browser):
    form = {"name": "교체", "starts_at": "2096-01-02T00:00", "ends_at": "2096-01-01T00:00"}

    answer = browser("commander").post("/alerts/maintenance/new/", form)

    assert answer.status_code == 400
    assert "교체" in answer.content.decode()
    assert not MaintenanceWindow.objects.exists()
