"""A storm of one group holds up no other alert."""

from datetime import timedelta

import pytest

from incidents import services
from incidents.models import Incident, LinkedAlert
from incidents.services import intake
from monitoring import queries
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import store
from tests.incidents.conftest import START, after

pytestmark = pytest.mark.django_db


@pytest.fixture
def come(integration):
    def store_them(group, count, service="withdrawals"):
        signals = [
            Signal(
                key=f"{service} {group} {n}",
                title=group,
                severities=["P1"],
                service=service,
                group=group,
            )
            for n in range(count)
        ]
        store(integration, b"{}", signals, at=START)

    return store_them


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 10)
    monkeypatch.setattr(queries, "BESIDE", 3)


def titles():
    return sorted(Incident.objects.values_list("title", flat=True))


def test_another_alert_is_read_with_the_first_of_a_storm(come):
    come("storm", 40)
    come("출금 지연", 1)

    assert services.take_in(at=START) == 11
    assert titles() == ["storm", "출금 지연"]


def test_the_same_group_of_another_service_is_another(come):
    come("storm", 40)
    come("storm", 1, service="deposits")

    services.take_in(at=START)

    assert Incident.objects.count() == 2


def test_as_many_of_the_others_as_are_told_and_the_oldest_of_them(come):
    come("storm", 40)
    for name in ("a", "b", "c", "d"):
        come(name, 1)

    services.take_in(at=START)
    assert titles() == ["a", "b", "c", "storm"]

    while services.take_in(at=after(seconds=1)):
        pass
    assert titles() == ["a", "b", "c", "d", "storm"]
    assert LinkedAlert.objects.count() == Alert.objects.filter(unread=False).count() == 44


def test_where_no_group_fills_the_batch_all_wait_their_turn(come):
    for n in range(15):
        come(f"group {n:02}", 1)

    assert services.take_in(at=START) == 10
    assert services.take_in(at=START) == 5


def test_a_storm_alone_asks_once_more_and_reads_each_alert_once(come):
    come("storm", 25)

    assert [services.take_in(at=START + timedelta(seconds=n)) for n in range(4)] == [10, 10, 5, 0]
    assert LinkedAlert.objects.count() == 25
