"""Whoever comes next reads one page, and sees what was changed around the time it began."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import Incident
from incidents.screens.room.changes import changes
from monitoring.models import Change
from teams.models import Service
from tests.incidents.conftest import START, after, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(commander):
    client = Client()
    client.force_login(commander)
    return client


def page(browser, incident):
    return browser.get(f"/incidents/{incident.number}/handover/").content.decode()


def test_it_says_what_is_broken_who_is_on_it_and_what_is_left_to_do(browser, declare, commander):
    incident = declare("P1")
    services.acknowledge(incident, by=person("senior-dev"), at=after(minutes=2))
    services.note(incident, "sig-02로 옮김", by=person("dev1"), at=after(minutes=3))
    services.note(incident, "지나가는 말", by=person("dev1"), at=after(minutes=4))
    services.pin(
        incident, incident.timeline.filter(kind="note").first().seq, by=commander, at=after()
    )
    done = services.add_task(incident, "끝난 일", by=commander, at=after())
    services.add_task(incident, "로그 보관", by=commander, at=after(), owner=person("dev2"))
    services.finish_task(incident, done.pk, by=commander, at=after(minutes=5))

    said = page(browser, incident)

    for words in (
        "출금 지연",
        "sig-02로 옮김",
        "로그 보관",
        person("dev2").name,
        "해결 목표",
        "지남",
    ):
        assert words in said
    assert person("senior-dev").name in said
    assert "지나가는 말" not in said
    assert "끝난 일" not in said


def test_a_fresh_incident_has_a_page_too(browser, declare):
    assert "아직 없음" in page(browser, declare("P3"))


def test_no_title_breaks_out_of_the_text_to_copy(browser, declare):
    incident = declare("P3")
    Incident.objects.filter(pk=incident.pk).update(title="</textarea><script>alert(1)</script>")

    assert "<script>alert" not in page(browser, incident)


def test_it_costs_the_same_after_a_long_night(browser, declare, commander):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(browser, incident)
        return len(queries)

    incident = declare("P1")
    services.add_task(incident, "t", by=commander, at=after(), owner=person("dev1"))
    cost()
    few = cost()
    for n in range(15):
        services.add_task(incident, f"t{n}", by=commander, at=after(), owner=person("dev2"))
        services.note(incident, f"n{n}", by=commander, at=after())

    assert cost() == few
    assert few < 20


@pytest.fixture
def change(integration):
    def make(summary, *, service=None, **span):
        at = START + timedelta(**span)
        return Change.objects.create(
            integration=integration, summary=summary, happened_at=at, received_at=at,
            service=service and Service.objects.get(slug=service),
        )  # fmt: skip

    return make


def test_what_was_deployed_before_it_began_stands_beside_the_alerts(browser, fire, change):
    incident = fire("k1", service="withdrawals")
    change("v2.1 배포 <b>", service="withdrawals", minutes=-20)
    change("방화벽 규칙", minutes=-40)
    change("다른 서비스", service="api", minutes=-20)
    change("어제", service="withdrawals", hours=-7)
    change("끝난 뒤", service="withdrawals", minutes=40)

    shown = [each.summary for each in changes(incident, after(minutes=30))]

    assert shown == ["v2.1 배포 <b>", "방화벽 규칙"]
    room = browser.get(f"/incidents/{incident.number}/").content.decode()
    assert "v2.1 배포 &lt;b&gt;" in room
    assert "시작 20" in room
