"""A screen costs the same number of queries however much there is to show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents import services
from incidents.models import Incident
from incidents.services.timeline import Entry, append
from monitoring.domain.alerts import Signal
from monitoring.models import Rule
from monitoring.services import add_integration, store
from notifications.models import Delivery
from postmortems.services import draft
from teams import oncall
from teams.models import Service
from teams.rotations import Override, Rotation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def remembered(monkeypatch):
    """Who is on call is forgotten after half a minute, which on a busy machine is between two requests."""
    monkeypatch.setattr(oncall, "REMEMBERED", 3600)


def cost(client, path, **headers):
    client.get(path, headers=headers)  # what is remembered afterwards is not counted
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path, headers=headers).status_code == 200
    return len(queries)


def asked(client, path):
    """What a page asks the database, word for word, once all that is remembered is."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


@pytest.fixture
def more(everyone):
    """Makes incidents: open, answered and resolved ones, with services, alerts and postmortems."""
    who, services_ = everyone["commander"], list(Service.objects.all()[:3])

    def make(count):
        for n in range(count):
            made = services.declare(
                f"t {n}", severity="P3", by=who, at=clock.now(), services=services_
            )
            if n % 3 == 1:
                services.acknowledge(made, by=who, at=clock.now())
            if n % 3 == 2:
                services.resolve(made, by=who, at=clock.now())
                draft(made, by=who, at=clock.now())

    return make


LISTS = [
    "/incidents/", "/incidents/?q=t", "/incidents/?period=all&severity=P3", "/postmortems/",
    "/api/v1/incidents/?page_size=200", "/api/v1/incidents/?search=t&status=open",
]  # fmt: skip


def test_a_list_costs_the_same_with_five_and_with_a_hundred(browser, more):
    client = browser("commander")
    more(6)
    few = [cost(client, path) for path in LISTS]
    more(96)

    assert [cost(client, path) for path in LISTS] == few
    assert max(few) < 22


def test_the_open_list_polled_by_a_screen_costs_one_question(
    browser, more, django_assert_max_num_queries
):
    client = browser("commander")
    more(6)
    version = client.get("/incidents/").context["version"]

    with django_assert_max_num_queries(5):  # two of them for the session and the person
        assert client.get(f"/incidents/?v={version}").status_code == 204


@pytest.mark.parametrize("part", ["", "live/", "older/?before=9999999999999999.1.1", "timeline"])
def test_a_room_costs_the_same_with_a_long_history(browser, incident, everyone, part):
    client, by = browser("commander"), {"hx-request": "true"} if part.startswith("older") else {}
    integration, _ = add_integration("generic", name="probe")
    path = (
        f"/api/v1/incidents/{incident.number}/timeline/"
        if part == "timeline"
        else f"{incident.get_absolute_url()}{part}"
    )
    fill(incident, integration, everyone["commander"], 60)  # more than are shown, which are counted
    few = cost(client, path, **by)
    fill(incident, integration, everyone["commander"], 100)

    assert cost(client, path, **by) == few
    assert few < 30


def test_a_room_asks_nothing_twice(browser, incident, everyone):
    integration, _ = add_integration("generic", name="probe")
    fill(incident, integration, everyone["commander"], 5)

    questions = asked(browser("commander"), incident.get_absolute_url())

    assert len(set(questions)) == len(questions)


def fill(incident, integration, who, count):
    """More events, alerts and pages."""
    first = incident.alert_links.count()
    notes = [Entry("note", clock.now(), by=who, data={"text": f"n{n}"}) for n in range(count)]
    append(incident, *notes)
    keys = [f"k{n}" for n in range(first, first + count)]
    store(integration, b"{}", [Signal(key=key, title=key) for key in keys], at=clock.now())
    rule = Rule.objects.exclude(built_in="").earliest("pk")
    for alert in integration.alerts.filter(key__in=keys):
        alert.labels = {"rule": str(rule.pk), "alertname": alert.key}
        alert.save(update_fields=["labels"])
        incident.alert_links.create(alert=alert, at=clock.now())
    template = Delivery.objects.about(incident.topic).first()
    for key in keys:
        template.pk, template.step = None, key
        template.save(force_insert=True)


def test_the_on_call_page_costs_the_same_with_many_stand_ins(browser, everyone):
    client = browser("commander")
    found = []
    for count in (1, 40):
        for n in range(count):
            start = clock.now() + timedelta(hours=n)
            Override.objects.create(
                rotation=Rotation.objects.all()[0], user=everyone["commander"], starts_at=start,
                ends_at=start + timedelta(hours=1),
            )  # fmt: skip
        found.append(cost(client, "/on-call/"))

    assert found[0] == found[1] < 25


def test_alerts_cost_the_same_with_five_and_with_a_hundred(browser, incident, everyone):
    client = browser("commander")
    integration, _ = add_integration("generic", name="probe")
    found = []
    for count in (5, 100):
        fill(incident, integration, everyone["commander"], count)
        found.append([cost(client, path) for path in ("/alerts/", "/api/v1/alerts/?page_size=200")])

    assert found[0] == found[1]


def test_a_storm_opens_a_batch_of_incidents_in_a_fixed_number_of_statements(everyone):
    integration, _ = add_integration("generic", name="probe")
    costs = []
    for batch, count in (("a", 20), ("b", services.BATCH)):
        signals = [
            Signal(
                key=f"{batch}{n}", title="t", group=f"{batch}{n}", severities=["P1"], service="api"
            )
            for n in range(count)
        ]
        store(integration, b"{}", signals, at=clock.now())
        with CaptureQueriesContext(connection) as queries:
            services.take_in(at=clock.now())
        costs.append(len(queries))

    assert Incident.objects.count() == 20 + services.BATCH
    assert costs[1] - costs[0] < 15  # more rows than one statement holds, not one for each
