"""Two at once, on real connections: one wins, the other is told, and nothing happens twice."""

import threading
import time

import pytest
from django.db import connection, transaction

from incidents import services
from incidents.models import Incident
from incidents.services import AlreadyMoved
from monitoring.domain.alerts import Signal
from monitoring.models import Alert
from monitoring.services import store
from notifications.models import Delivery
from tests.incidents.conftest import after, kinds, pages, person
from tests.race import at_once, raised

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone()[0]


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_of_two_who_acknowledge_at_once_one_wins(declare):
    incident = declare("P1")
    seen = [(fresh(incident), person(name)) for name in ("dev1", "dev2", "devops", "tech-lead")]

    outcomes = at_once(
        *[
            lambda incident=incident, who=who: services.acknowledge(
                incident, by=who, at=after(minutes=1)
            )
            for incident, who in seen
        ]
    )

    lost = raised(outcomes)
    assert len(lost) == 3
    assert all(isinstance(each, AlreadyMoved) for each in lost)
    assert kinds(incident) == ["declared", "paged", "status"]
    assert fresh(incident).acknowledged_by == fresh(incident).commander


def test_notes_written_at_once_all_find_their_place_in_the_chain(declare, commander, capsys):
    incident = declare("P1")

    outcomes = at_once(
        *[
            lambda n=n: services.note(fresh(incident), f"note {n}", by=commander, at=after())
            for n in range(8)
        ]
    )

    assert raised(outcomes) == []
    places = list(incident.timeline.order_by("seq").values_list("seq", flat=True))
    assert places == list(range(1, 11))
    assert fresh(incident).timeline_length == 10


def test_two_ticks_at_once_escalate_once(declare):
    incident = declare("P1")

    outcomes = at_once(*[lambda: services.escalate_due(at=after(minutes=31))] * 4)

    assert raised(outcomes) == []
    assert sum(outcomes) == 1
    assert kinds(incident).count("escalated") == 1
    assert fresh(incident).page_round == 1


def test_an_answer_and_an_escalation_at_once_leave_no_page_on_its_way(declare):
    incident = declare("P1")

    at_once(
        lambda: services.escalate_due(at=after(minutes=31)),
        lambda: services.acknowledge(fresh(incident), by=person("dev1"), at=after(minutes=31)),
    )
    if fresh(incident).status == "triggered":  # the answer lost: it is given again
        services.acknowledge(fresh(incident), by=person("dev1"), at=after(minutes=32))

    assert not Delivery.objects.undone().exists()


def test_two_readers_of_one_group_open_one_incident(integration):
    signals = [Signal(key=f"k{n}", title="t", severities=["P1"], group="g") for n in range(40)]
    store(integration, b"{}", signals, at=after())

    outcomes = at_once(*[lambda: services.take_in(at=after())] * 4)

    assert raised(outcomes) == []
    incident = Incident.objects.get()
    assert incident.alert_links.count() == 40
    assert len(pages(incident)) == 12


def test_an_alert_that_races_a_resolution_opens_a_new_incident(fire, integration, commander):
    first = fire("k1")
    store(integration, b"{}", [Signal(key="k2", title="t", service="withdrawals")], at=after())
    reader = threading.Thread(target=at_once, args=[lambda: services.take_in(at=after(minutes=1))])

    with transaction.atomic():
        services.resolve(first, by=commander, at=after(minutes=1))
        reader.start()
        until(waiting_for_a_lock)
    reader.join()

    assert Alert.objects.get(key="k2").incident_link.incident != first
    assert fresh(first).alert_links.count() == 1


def test_a_resolution_and_graver_news_of_its_alert_do_not_block_each_other(
    fire, integration, commander
):
    first = fire("k1", severities=["P1"])
    graver = Signal(key="k1", title="t", severities=["P0"], service="withdrawals")

    for _ in range(10):
        incident = Incident.objects.open().latest("number")
        store(integration, b"{}", [graver], at=after())
        Alert.objects.open().update(unread=True, count=2)
        outcomes = at_once(
            lambda incident=incident: services.resolve(incident, by=commander, at=after(minutes=1)),
            lambda: services.take_in(at=after(minutes=1)),
        )
        assert [each for each in raised(outcomes) if not isinstance(each, AlreadyMoved)] == []
        fire("k1", severities=["P1"])

    assert fresh(first).status == "resolved"
