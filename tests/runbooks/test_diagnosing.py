"""Diagnoses that start by themselves for an incident: once, only what reads, and never a storm of them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents.models import Incident
from incidents.services import declare, note, resolve
from runbooks import services
from runbooks.domain.writing import Wrong
from runbooks.models import Database, Host, Pool, Run, Runbook
from runbooks.services import diagnosing
from runbooks.tasks import advance
from teams.models import Service
from tests.runbooks.running import TEXT, book, step

pytestmark = pytest.mark.django_db
WHEN = {"services": ["withdrawals"]}


@pytest.fixture
def opened(seeded, people):
    service = Service.objects.get_or_create(slug="withdrawals")[0]

    def make(title="slow", **more):
        given = {"severity": "P1", "services": [service]} | more
        return declare(title, by=people[0], at=clock.now(), **given)

    return make


def diagnosis(key="look", **more):
    return book(step("a", wait="0s"), key=key, when=WHEN, starts_by_itself=True, **more)


def due():
    return services.diagnose_due(at=clock.database_now())


def test_what_fits_starts_by_itself_once_and_says_so(opened):
    version, incident = diagnosis(), opened()
    assert (due(), due(), due()) == (1, 0, 0)
    run = Run.objects.get()
    assert (run.version, run.incident, run.started_by, run.purpose) == (
        version, incident, None, "incident",
    )  # fmt: skip
    assert "run_begun" in incident.timeline.values_list("kind", flat=True)


def test_what_names_hosts_that_there_are_not_does_not_start_by_itself(opened):
    diagnosis(inputs={"hosts": {"type": "hosts", "label": TEXT, "default": ["app1"]}})
    opened()
    assert due() == 0
    Host.objects.create(name="app1")
    opened()
    assert due() == 1


POOL = {"type": "pool", "label": TEXT, "required": False}
HOSTS = {"type": "hosts", "label": TEXT, "default": ["app1"], "of": "pool"}


def pool(name, *services, host):
    made = Pool.objects.create(name=name, balancer="http", address="http://lb", backend="b")
    made.hosts.add(Host.objects.create(name=host))
    made.services.set(services)


@pytest.mark.parametrize(
    ("pools", "hosts"),
    [
        ({"web": (True, "web1"), "other": (False, "app1")}, ["web1"]),  # of the incident's service
        ({"other": (False, "app1"), "more": (False, "web1")}, ["app1"]),  # by default
        ({"web": (False, "web1")}, ["web1"]),  # the only one there is
        ({"web": (False, "web1"), "more": (False, "web2")}, None),  # which of them nobody knows
        ({}, None),
    ],
)
def test_it_looks_at_the_hosts_of_the_service_or_those_it_names_or_the_only_pool(
    opened, pools, hosts
):
    diagnosis(inputs={"pool": POOL, "hosts": HOSTS})
    incident = opened()
    for name, (ours, host) in pools.items():
        pool(name, *(incident.services.all() if ours else ()), host=host)

    assert due() == (hosts is not None)
    assert [run.inputs["hosts"] for run in Run.objects.all()] == ([hosts] if hosts else [])


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("postgresql://reader@10.0.0.7:5432/ledger", ["pg7"]),
        ("host=pg7 dbname=ledger", ["pg7"]),
        ("postgresql://reader@10.0.0.8/ledger", []),  # no host of the inventory
        ("not an address", []),
        ("env:NO_SUCH_VARIABLE", []),
    ],
)
def test_it_looks_at_the_host_on_which_the_database_runs(opened, address, hosts):
    inputs = {
        "database": {"type": "database", "label": TEXT, "required": False},
        "servers": {"type": "hosts", "label": TEXT, "default": ["db1"], "of": "database", "required": False},
    }  # fmt: skip
    diagnosis(inputs=inputs)
    Host.objects.create(name="pg7", address="10.0.0.7")
    Database.objects.update_or_create(name="ledger", defaults={"address": address})
    opened()

    assert due() == 1
    assert Run.objects.get().inputs["servers"] == hosts


@pytest.mark.parametrize(("ours", "found"), [(True, "ledger"), (False, "main")])
def test_it_looks_into_the_database_of_the_service(opened, ours, found):
    database = {"type": "database", "label": TEXT, "default": "main"}
    diagnosis(inputs={"database": database})
    incident = opened()
    assert due() == 0  # there is none

    Database.objects.create(name="main")
    ledger = Database.objects.create(name="ledger")
    ledger.services.set(incident.services.all() if ours else ())
    opened()
    assert due() == 1
    assert Run.objects.get().inputs == {"database": found}


def test_the_tick_starts_it(opened):
    diagnosis()
    opened()
    advance()
    assert Run.objects.count() == 1


def test_a_drill_has_its_diagnosis_too(opened):
    diagnosis()
    opened(drill=True)
    due()
    assert Run.objects.get().purpose == "drill"


def test_what_joins_later_may_start_another_one(opened, people):
    incident = opened(services=[])
    diagnosis()
    assert due() == 0
    incident.services.add(Service.objects.get(slug="withdrawals"))
    note(incident, "withdrawals suffer", by=people[0], at=clock.now())
    assert due() == 1


@pytest.mark.parametrize("why", ["switched off", "disabled", "not written so", "fits not"])
def test_what_shall_not_start_does_not(opened, why):
    diagnosis() if why != "not written so" else book(step("a", wait="0s"), key="look", when=WHEN)
    if why == "switched off":
        Runbook.objects.update(starts_by_itself=False)
    elif why == "disabled":
        Runbook.objects.update(enabled=False)
    opened(services=[]) if why == "fits not" else opened()
    assert due() == 0


def test_what_changes_something_deep_within_waits_for_a_person(opened):
    inner = step("b", http={"method": "POST", "url": "http://127.0.0.1:9/"})
    book(inner, key="inner")
    book(step("a", runbook={"key": "inner"}), key="hidden", when=WHEN, starts_by_itself=True)
    opened()
    assert due() == 0
    assert not Run.objects.exists()


def test_what_nobody_would_be_there_to_say_needs_a_default():
    with pytest.raises(Wrong, match=r"inputs.host.default: 저절로 시작할 때는"):
        diagnosis("asks", inputs={"host": {"type": "host", "label": TEXT}})


def test_what_is_over_or_old_is_left_alone(opened, people):
    diagnosis()
    resolve(opened(), by=people[0], at=clock.now())
    old = opened()
    Incident.objects.filter(pk=old.pk).update(clock_since=clock.now() - timedelta(hours=1))
    assert due() == 0


def test_in_a_storm_a_few_go_at_once_and_the_others_follow(opened, monkeypatch):
    monkeypatch.setattr(diagnosing, "AT_ONCE", 2)
    diagnosis()
    for number in range(3):
        opened(f"storm {number}")
    assert (due(), due()) == (2, 0)
    Run.objects.update(state="done", ended_at=clock.now())
    assert (due(), due()) == (1, 0)


def test_a_look_costs_the_same_for_one_incident_and_for_thirty(opened):
    diagnosis()
    found = []
    for count in (1, 30):
        for number in range(count):
            opened(f"other {count} {number}", services=[])
        with CaptureQueriesContext(connection) as queries:
            due()
        found.append(len(queries))
    assert found[0] == found[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_start_it_once(opened):
    diagnosis()
    opened()
    begun, gate = [], threading.Barrier(4)

    def work():
        gate.wait(10)
        begun.append(due())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(begun) == [0, 0, 0, 1]
    assert Run.objects.count() == 1
