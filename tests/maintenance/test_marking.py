"""What a newcomer finds on the capacity page without having marked anything."""

import pytest

from maintenance.models import Capacity, CapacityKind
from maintenance.services import mark_own
from monitoring.models import Check, Metric
from tests.maintenance.metrics import measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine():
    Check.objects.create(name="This host", collector="host", host="bongsu-1")
    for name, labels in (
        ("host_cpu_used", {}),
        ("host_memory_used", {}),
        ("host_disk_used", {"mount": "/"}),
        ("host_disk_used", {"mount": "/data"}),
        ("host_load_1m", {}),
    ):
        measured([20.0], name=name, unit="%", labels={"host": "bongsu-1", **labels})


@pytest.mark.usefixtures("machine")
def test_the_portals_own_machine_is_marked():
    assert mark_own() == 4
    assert Capacity.objects.filter(kind=CapacityKind.STORAGE).count() == 2
    cpu = Capacity.objects.get(kind=CapacityKind.CPU)
    assert (cpu.warning_at, cpu.full_at) == (80, 90)
    assert cpu.pieces
    assert "bongsu-1" in str(cpu)


@pytest.mark.usefixtures("machine")
def test_what_was_deleted_or_changed_stays_so():
    mark_own()
    Capacity.objects.filter(kind=CapacityKind.MEMORY).delete()
    Capacity.objects.filter(kind=CapacityKind.CPU).update(full_at=85)
    assert mark_own() == 0
    assert not Capacity.objects.filter(kind=CapacityKind.MEMORY).exists()
    assert Capacity.objects.get(kind=CapacityKind.CPU).full_at == 85


@pytest.mark.usefixtures("machine")
def test_a_disk_that_comes_later_is_marked_too():
    mark_own()
    measured([5.0], name="host_disk_used", labels={"host": "bongsu-1", "mount": "/new"})
    assert mark_own() == 1


@pytest.mark.usefixtures("machine")
def test_what_somebody_marked_by_hand_stays_theirs():
    metric = Metric.objects.get(name="host_cpu_used")
    Capacity.objects.create(metric=metric, full_at=50)
    assert mark_own() == 3
    assert metric.capacity.full_at == 50


def test_machines_with_an_agent_are_left_to_people():
    measured([20.0], name="host_cpu_used", labels={"host": "elsewhere"})
    assert mark_own() == 0


@pytest.mark.usefixtures("machine")
def test_it_can_be_switched_off(settings):
    settings.OWN_CAPACITIES = False
    assert mark_own() == 0


def test_the_embedded_database_is_full_with_its_disk(settings, tmp_path, monkeypatch):
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    settings.BONGSU_HOME = tmp_path
    Check.objects.create(name="Ours", collector="postgresql", settings={"address": "portal"})
    measured([1e8], name="postgresql_database_size", unit="B", labels={"check": "Ours"})
    assert mark_own() == 1
    made = Capacity.objects.get()
    assert made.full_at > 1e8
    assert made.warning_at == pytest.approx(made.full_at * 8 / 9)
