"""Whoever comes next reads one page, and sees what was changed around the time it began."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents import services
from incidents.models import Incident, StakeholderMessage
from incidents.models.messages import TEXTS
from incidents.screens.handover import handover as summary
from incidents.screens.room.changes import changes
from monitoring.domain.alerts import Signal
from monitoring.models import Change
from monitoring.services import store
from runbooks.domain.actions import Mode
from runbooks.models import Limits
from runbooks.services import propose
from teams.models import Service
from teams.stakeholders import StakeholderGroup
from tests.incidents.conftest import START, after, person
from tests.runbooks import effects

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path, db):
    """Where an action that waits for approval would write."""
    effects.registered()
    Limits.of(effects.NAME)
    Limits.objects.update(mode=Mode.ON)
    return tmp_path / "effects"


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


def test_it_costs_the_same_after_a_long_night(browser, declare, commander, integration, file):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(browser, incident)
        return len(queries)

    incident = declare("P1")
    services.add_task(incident, "t", by=commander, at=after(), owner=person("dev1"))
    link(integration, incident, 100)
    digest(incident, minutes=100)
    digest(incident, state="draft", approved_at=None, goes_at=None)
    propose(effects.NAME, "first", {"file": str(file)}, incident=incident, at=after(), at_least=1)
    cost()
    few = cost()
    for n in range(15):
        services.add_task(incident, f"t{n}", by=commander, at=after(), owner=person("dev2"))
        services.note(incident, f"n{n}", by=commander, at=after())

        services.call_in(
            incident, person("security-lead"), by=commander, at=after(minutes=n), again=True
        )
        link(integration, incident, n)
        digest(incident, minutes=n)
        propose(
            effects.NAME, f"k{n}", {"file": str(file)}, incident=incident, at=after(), at_least=1
        )

    assert cost() == few
    assert few < 27


def link(integration, incident, n):
    store(
        integration, b"{}", [Signal(key=f"f{n}", title=f"경보 {n}", severities=["P1"])], at=after()
    )
    incident.alert_links.create(alert=integration.alerts.get(key=f"f{n}"), at=after())


def digest(incident, *, minutes=0, **said):
    group = StakeholderGroup.objects.get(slug="management")
    usual = dict.fromkeys(TEXTS, f"보고 {minutes}") | {
        "urgency": "normal", "drafted_at": after(minutes=minutes), "state": "approved",
        "approved_at": after(minutes=minutes), "goes_at": after(hours=1),
    }  # fmt: skip
    return StakeholderMessage.objects.create(incident=incident, group=group, **usual | said)


def test_last_told_is_what_has_gone_out_and_a_digest_says_when_it_goes(browser, declare, api):
    incident = declare("P1")
    digest(incident, minutes=1)

    said = summary(incident, at=after(minutes=2))
    assert (said.told, [each.subject for each in said.to_go]) == (None, ["보고 1"])
    assert "발송 예정" in page(browser, incident)

    sent = {"queued_at": after(minutes=4), "finished_at": after(minutes=5), "reached": 3}
    digest(incident, minutes=3, state="sent", **sent)
    digest(incident, minutes=6, state="approved", queued_at=after(minutes=7))
    said = summary(incident, at=after(minutes=8))
    assert (said.told.subject, said.told.out_at) == ("보고 3", after(minutes=5))
    assert {each.subject for each in said.to_go} == {"보고 1", "보고 6"}
    told = api.get(f"/api/v1/incidents/{incident.number}/handover/").json()
    assert told["told"]["subject_ko"] == "보고 3"
    assert len(told["to_go"]) == 2


def test_it_says_who_has_not_answered_what_fires_and_what_waits(
    browser, declare, integration, commander, api, file
):
    incident = declare("P1")
    services.acknowledge(incident, by=person("dev1"), at=after(minutes=2))
    services.call_in(incident, person("security-lead"), by=commander, at=after(minutes=3))
    link(integration, incident, 1)
    digest(incident, state="draft", approved_at=None, goes_at=None, subject_ko="<초안>")
    propose(
        effects.NAME, "k", {"file": str(file)}, incident=incident, at=after(minutes=4), at_least=1
    )
    services.add_task(incident, "늦은 일", by=commander, at=after(), due_at=after(minutes=1))

    said = summary(incident, at=after(minutes=9))
    assert [(each.name, each.since) for each in said.unanswered] == [("박도윤", after(minutes=3))]
    assert (said.firing_count, said.firing[0].alert.title) == (1, "경보 1")
    assert len(said.waiting) == 2
    assert said.overdue == 1
    shown = page(browser, incident)
    for words in ("박도윤", "경보 1", "&lt;초안&gt;", "늦은 일"):
        assert words in shown
    told = api.get(f"/api/v1/incidents/{incident.number}/handover/").json()
    assert told["unanswered"][0]["username"] == "security-lead"
    assert (told["firing_count"], told["overdue"], len(told["waiting"])) == (1, 1, 2)


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
