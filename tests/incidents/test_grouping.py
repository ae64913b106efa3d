"""From alerts to incidents."""

from datetime import timedelta

import pytest

from incidents import services
from incidents.models import Incident
from incidents.narration import narrate
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Integration
from monitoring.services import store
from notifications.models import Delivery
from teams.models import Service
from tests.incidents.conftest import after, kinds, last_event, pages

pytestmark = pytest.mark.django_db


def slugs(incident):
    return [service.slug for service in incident.services.all()]


def test_an_alert_mapped_to_none_is_kept_without_an_incident(fire):
    assert fire(severities=["none"]) is None
    assert Alert.objects.get().unread is False


def test_an_alert_within_the_window_joins_the_open_incident(fire):
    first = fire("k1")

    assert fire("k2", at=after(minutes=59)) == first
    assert first.alert_links.count() == 2
    assert kinds(first) == ["alert", "paged", "alert"]


def test_each_alert_that_joins_keeps_the_window_open(fire):
    for minutes in (0, 50, 100, 150):
        fire(f"k{minutes}", at=after(minutes=minutes))

    assert Incident.objects.count() == 1


def test_an_alert_after_the_window_opens_another_incident(fire):
    first = fire("k1")

    assert fire("k2", at=after(minutes=61)) != first


def test_the_window_is_the_integrations_own(fire, integration):
    Integration.objects.update(group_window=timedelta(minutes=5))
    first = fire("k1")

    assert fire("k2", at=after(minutes=6)) != first


def test_an_alert_of_another_service_opens_another_incident(fire):
    fire("k1", service="withdrawals")
    fire("k2", service="deposits")

    assert Incident.objects.count() == 2


def test_an_alert_of_another_group_opens_another_incident(fire):
    fire("k1", group="queue")
    fire("k2", group="latency")

    assert Incident.objects.count() == 2


def test_an_alert_does_not_join_what_is_resolved(fire, commander):
    first = fire("k1")
    Incident.objects.update(status="resolved", resolved_at=after(minutes=1))

    assert fire("k2", at=after(minutes=2)) != first


def test_a_service_nobody_described_is_added_as_discovered(fire):
    incident = fire(service="Hot Wallet")

    service = Service.objects.get(slug="hot-wallet")
    assert (service.name_ko, service.name_en, service.discovered) == (
        "Hot Wallet",
        "Hot Wallet",
        True,
    )
    assert slugs(incident) == ["hot-wallet"]


@pytest.mark.parametrize("name", ["withdrawals", "Withdrawals", "출금", "WITHDRAWALS"])
def test_a_service_is_known_by_each_of_its_names(fire, name):
    assert slugs(fire(service=name)) == ["withdrawals"]
    assert not Service.objects.filter(discovered=True).exists()


def test_a_korean_service_nobody_described_keeps_its_name(fire):
    assert slugs(fire(service="정산 배치")) == ["정산-배치"]


def test_a_name_without_a_letter_is_still_a_service(fire):
    assert slugs(fire(service="???")) == ["unnamed"]


def test_without_a_service_the_integrations_own_counts(fire, integration):
    Integration.objects.update(default_service=Service.objects.get(slug="api"))

    assert slugs(fire(service="")) == ["api"]


def test_an_alert_without_any_service_is_an_incident_all_the_same(fire):
    incident = fire(service="")

    assert slugs(incident) == []
    assert pages(incident)


def test_a_graver_alert_raises_the_incident_and_pages_the_difference(fire):
    incident = fire("k1", severities=["P2"])
    before = pages(incident)

    fire("k2", severities=["P0"], at=after(minutes=1))

    incident.refresh_from_db()
    assert incident.severity == "P0"
    assert before == {("tech-lead", "slack"), ("tech-lead", "email")}
    assert pages(incident) > before | {("cto", "voice"), (None, "webhook")}
    assert kinds(incident) == ["alert", "paged", "leaders_told", "alert", "severity", "paged"]


def test_a_milder_alert_does_not_lower_the_incident(fire):
    incident = fire("k1", severities=["P1"])
    fire("k2", severities=["P3"], at=after(minutes=1))

    incident.refresh_from_db()
    assert incident.severity == "P1"


def test_a_graver_alert_does_not_overrule_a_person(fire, commander):
    incident = fire("k1", severities=["P1"])
    services.change_severity(incident, "P3", by=commander, at=after(minutes=1))

    fire("k2", severities=["P0"], at=after(minutes=2))

    incident.refresh_from_db()
    assert incident.severity == "P3"


def test_an_incident_that_is_raised_says_what_is_gravest(fire):
    incident = fire("k1", severities=["P2"], title="응답이 느려요", description="p95 2 s")
    fire("k2", severities=["P0"], title="데이터베이스 중단", at=after(minutes=1))

    incident.refresh_from_db()
    assert (incident.title, incident.description) == ("데이터베이스 중단", "")
    assert "“응답이 느려요” → “데이터베이스 중단”" in narrate(last_event(incident, "corrected"))
    newest = Delivery.objects.about(incident.topic).latest("created_at")
    assert newest.context["title"] == "데이터베이스 중단"
    fire("k3", severities=["P0"], title="또 하나", at=after(minutes=2))
    incident.refresh_from_db()
    assert incident.title == "데이터베이스 중단"


def test_words_that_a_person_put_right_stay(fire, commander):
    incident = fire("k1", severities=["P2"], title="응답이 느려요")
    services.correct(incident, by=commander, at=after(minutes=1), title="출금 서버가 느려요")
    fire("k2", severities=["P0"], title="데이터베이스 중단", at=after(minutes=2))

    incident.refresh_from_db()
    assert (incident.severity, incident.title) == ("P0", "출금 서버가 느려요")


def test_a_repeat_that_came_back_graver_raises_the_incident(fire):
    incident = fire("k1", severities=["P2"])
    fire("k1", severities=["P0"], at=after(minutes=1))

    incident.refresh_from_db()
    assert (incident.severity, last_event(incident, "severity").data["new"]) == ("P0", "P0")


def test_the_gravest_of_a_group_names_the_incident(fire, integration):
    signals = [
        Signal(key=severity, title=severity, severities=[severity], service="api", group="g")
        for severity in ("P3", "P1", "P2")
    ]
    store(integration, b"{}", signals, at=after())
    services.take_in(at=after())

    incident = Incident.objects.get()
    assert (incident.title, incident.severity) == ("P1", "P1")


def test_when_it_began_is_what_the_earliest_alert_says(fire):
    incident = fire(started_at=after(minutes=-7))

    assert incident.started_at == after(minutes=-7)
    assert incident.detected_at == after()
    assert incident.respond_by == after(minutes=15)
