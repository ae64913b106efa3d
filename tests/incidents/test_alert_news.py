"""What happens to an incident when its alerts change."""

import pytest

from incidents import services
from incidents.models import Incident
from monitoring.domain.alerts import Signal
from monitoring.models import Alert, Integration
from monitoring.services import expire, store
from notifications.models import Delivery
from tests.incidents.conftest import after, kinds, last_event

pytestmark = pytest.mark.django_db


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def test_one_of_two_alerts_over_is_not_the_end(fire):
    incident = fire("k1")
    fire("k2", at=after(minutes=1))
    fire("k1", resolved=True, at=after(minutes=2))

    assert fresh(incident).resolution_proposed_at is None
    assert kinds(incident)[-1] == "alert_resolved"


def test_all_alerts_over_proposes_the_end_and_a_person_decides(fire):
    incident = fire("k1")
    fire("k1", resolved=True, at=after(minutes=2))

    assert fresh(incident).resolution_proposed_at == after(minutes=2)
    assert fresh(incident).status == "triggered"
    assert kinds(incident)[-2:] == ["alert_resolved", "resolution_proposed"]


def test_the_end_is_proposed_once(fire):
    incident = fire("k1")
    for minutes in (1, 2, 3):
        fire("k1", resolved=True, at=after(minutes=minutes))

    assert kinds(incident).count("resolution_proposed") == 1


def test_all_alerts_over_resolves_where_the_sender_may(fire):
    incident = fire("k1")
    Integration.objects.update(auto_resolve=True)
    fire("k1", resolved=True, at=after(minutes=2))

    assert fresh(incident).status == "resolved"
    assert fresh(incident).resolved_at == after(minutes=2)
    assert last_event(incident, "status").actor == "probe"
    assert not Delivery.objects.undone().exists()


def test_a_new_alert_withdraws_the_proposal(fire):
    incident = fire("k1")
    fire("k1", resolved=True, at=after(minutes=2))
    fire("k1", at=after(minutes=3))

    assert fresh(incident).resolution_proposed_at is None
    assert kinds(incident)[-2:] == ["alert", "proposal_withdrawn"]


def test_an_expired_alert_is_told_as_expired(fire):
    incident = fire("k1", expires_at=after(minutes=5))
    expire(at=after(minutes=6))
    services.take_in(at=after(minutes=6))

    assert last_event(incident, "alert_resolved").data["expired"] is True


def test_an_answer_in_the_senders_own_tool_acknowledges(fire):
    incident = fire("k1")
    fire("k1", acknowledged=True, at=after(minutes=2))

    assert fresh(incident).status == "acknowledged"
    assert last_event(incident, "status").actor == "probe"
    assert not Delivery.objects.undone().exists()


def test_an_answer_in_the_senders_own_tool_does_not_undo_ours(fire, commander):
    incident = fire("k1")
    services.mitigate(incident, by=commander, at=after(minutes=1))
    fire("k1", acknowledged=True, at=after(minutes=2))

    assert fresh(incident).status == "mitigated"


def test_an_alert_that_came_and_went_unseen_is_still_an_incident(fire, integration):
    for resolved in (False, True):
        signal = Signal(key="k", title="t", severities=["P1"], resolved=resolved)
        store(integration, b"{}", [signal], at=after())
    services.take_in(at=after(seconds=1))

    incident = Incident.objects.get()
    assert kinds(incident) == ["alert", "paged", "alert_resolved", "resolution_proposed"]


def test_an_alert_that_fires_on_after_a_person_resolved_comes_back_as_new(fire, commander):
    first = fire("k1")
    services.resolve(first, by=commander, at=after(minutes=1))

    second = fire("k1", at=after(minutes=2))

    assert second != first
    assert second.status == "triggered"


def test_nothing_is_told_to_an_incident_that_is_over(fire, commander):
    incident = fire("k1")
    services.resolve(incident, by=commander, at=after(minutes=1))
    told = kinds(incident)

    fire("k1", resolved=True, at=after(minutes=2))

    assert kinds(incident) == told


def test_a_storm_of_one_group_is_one_incident_one_line_a_batch_and_one_page_each(fire, integration):
    many = 2 * services.BATCH + 1
    storm = [
        Signal(key=f"k{n}", title=f"pod {n}", severities=["P0"], service="api", group="pods")
        for n in range(many)
    ]
    store(integration, b"{}", storm, at=after())
    while services.take_in(at=after(seconds=1)):
        pass

    incident = Incident.objects.get()
    assert incident.alert_links.count() == many
    assert Delivery.objects.about(incident.topic).count() == 17
    assert kinds(incident) == ["alert", "paged", "alert", "alert"]
    assert not Alert.objects.filter(unread=True).exists()
