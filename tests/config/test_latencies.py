"""What the portal notes of its own requests."""

from datetime import timedelta
from threading import Thread

import pytest
from django.test import Client

from config.latencies import tally
from core import clock
from maintenance.domain.slowness import Spell
from maintenance.models import RouteDay
from maintenance.services.timing import add_requests, prune_requests, requests_of_week

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted():
    tally.take()
    return tally


def test_pages_and_machines_doors_are_counted_by_their_route(counted):
    Client().get("/accounts/login/")
    Client().get("/healthz")
    Client().post("/ingest/generic/not-a-token/", "{}", content_type="application/json")
    found = counted.take()
    assert {"GET /accounts/login/", "GET /healthz"} <= found.keys()
    assert any(route.startswith("POST /ingest/") and "not-a-token" not in route for route in found)
    assert all(0 < spell.seconds <= spell.slowest * spell.requests for spell in found.values())


def test_a_stranger_fills_nothing_with_addresses_and_methods_of_their_own(counted):
    Client().get("/no/such/page/")
    Client().generic("BREW", "/healthz")
    assert counted.take() == {}


def test_what_several_processes_counted_adds_up():
    at = clock.now()
    add_requests({"GET /b": Spell(2, 0.5, 0.4), "GET /a": Spell(1, 0.1, 0.1)}, at=at)
    add_requests({"GET /b": Spell(1, 0.9, 0.9)}, at=at)
    row = RouteDay.objects.get(route="GET /b")
    assert (row.requests, row.seconds, row.slowest) == (3, pytest.approx(1.4), 0.9)


def test_a_week_is_seven_days_and_the_one_before_has_none_of_them():
    at = clock.now()
    for days in range(20):
        add_requests({"GET /a": Spell(1, 0.01 * days, 0.0)}, at=at - timedelta(days=days))
    (this, _), (last, _) = requests_of_week(at), requests_of_week(at - timedelta(days=7))
    assert (this["GET /a"].calls, last["GET /a"].calls) == (7, 7)
    assert this["GET /a"].ms == pytest.approx(210)
    assert last["GET /a"].ms == pytest.approx(700)


def test_old_days_go():
    at = clock.now()
    add_requests({"GET /a": Spell(1, 1.0, 1.0)}, at=at - timedelta(days=100))
    add_requests({"GET /a": Spell(1, 1.0, 1.0)}, at=at)
    prune_requests(at=at)
    assert RouteDay.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_counted_is_stored_by_a_thread_of_its_own(counted):
    counted.note("GET /a", 0.5)
    own = Thread(target=counted.store)
    own.start()
    own.join()
    assert RouteDay.objects.get(route="GET /a").requests == 1
    assert counted.take() == {}
