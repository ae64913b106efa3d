"""An update is due at the severity's pace, counted from when a group was last told."""

from datetime import timedelta

import pytest
from django.utils import translation

from core import clock
from incidents import services
from incidents.domain.roles import Role
from incidents.models import Briefing, SeverityPolicy
from incidents.screens.room.stakeholders import stakeholders as panel
from incidents.services import stakeholders
from notifications.models import Delivery, Lane
from notifications.rendering import render
from tests.incidents.conftest import after, kinds, last_event, person
from tests.incidents.messaging import handed_over, message, messages, tell
from tests.race import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(felt):
    """A P1 (an update an hour) whose management was told at five seconds."""

    def open_(severity="P1"):
        incident = felt(severity)
        handed_over(message(incident, "management"), after(seconds=4))
        tell(after(seconds=5))
        return incident

    return open_


def due(incident, group="management"):
    return Briefing.objects.get(incident=incident, group__slug=group).due_at


def remind(incident, **span):
    done = stakeholders.remind_due(at=after(**span))
    tell(after(**span))
    return done


def reminders(incident):
    rows = Delivery.objects.about(incident.topic).filter(template="update_due")
    return set(rows.values_list("recipient__username", "channel", "lane"))


def test_the_next_update_is_counted_from_when_they_were_told(told):
    assert due(told()) == after(hours=1, seconds=5)


def test_who_waits_for_an_approval_was_promised_as_well(felt):
    assert due(felt(), "customers") == after(hours=1)


def test_the_hours_digest_promises_nothing(felt):
    assert not Briefing.objects.filter(incident=felt(), group__slug="operations").exists()


def test_where_the_severity_asks_for_no_updates_none_is_due(felt):
    SeverityPolicy.objects.filter(severity="P1").update(update_every=None)

    assert due(felt()) is None


def test_an_overdue_update_reminds_whoever_leads_once_and_quietly(told):
    incident = told()
    services.acknowledge(incident, by=person("tech-lead"), at=after(minutes=3))

    done = [
        remind(incident, **span) for span in ({"minutes": 59}, {"minutes": 61}, {"minutes": 62})
    ]

    assert [count > 0 for count in done] == [False, True, False]
    assert reminders(incident) == {("tech-lead", "slack", Lane.NOTICE)}
    assert {"ko": "경영진", "en": "Management"} in last_event(incident, "update_due").data["groups"]


def test_who_has_the_communications_is_reminded_in_the_commanders_place(told):
    incident = told()
    services.acknowledge(incident, by=person("tech-lead"), at=after(minutes=3))
    incident.refresh_from_db()
    services.give_role(
        incident,
        Role.COMMUNICATIONS,
        to=person("dev2"),
        by=person("tech-lead"),
        at=after(minutes=4),
    )
    remind(incident, minutes=61)

    assert {who for who, *_ in reminders(incident)} == {"dev2"}


def test_the_reminder_says_who_waits_and_where_to_write(told):
    incident = told()
    services.acknowledge(incident, by=person("dev2"), at=after(minutes=3))
    remind(incident, minutes=61)

    [notice] = Delivery.objects.about(incident.topic).filter(template="update_due")
    said = render(notice)
    assert said.subject == f"[Update due] #{incident.pk} → Customers, Partners, Support, Management"
    assert f"/incidents/{incident.pk}/messages/" in said.text
    assert said.link == ""


def test_while_nobody_leads_nobody_is_reminded_but_it_is_said(told):
    incident = told()
    remind(incident, minutes=61)

    assert reminders(incident) == set()
    assert kinds(incident).count("update_due") == 1


def test_a_draft_of_the_update_waits_for_those_who_were_told(told):
    incident = told()
    remind(incident, minutes=61)

    waiting = messages(incident, event="update_due", state="draft")
    assert waiting == {"management": "draft"}  # customers' first message is still unread


def test_an_update_that_was_sent_starts_the_clock_anew(told):
    incident = told()
    remind(incident, minutes=61)
    update = message(incident, "management", state="draft")
    stakeholders.approve(update, version=1, by=person("cto"), at=after(minutes=65))
    tell(after(minutes=65))
    handed_over(update, after(minutes=65))
    tell(after(minutes=66))

    assert due(incident) == after(minutes=126)
    assert remind(incident, minutes=125) == 0
    assert remind(incident, minutes=126) == 1


@pytest.mark.parametrize(("to", "hours"), [("P0", 0.5), ("P2", 4)])
def test_another_severity_is_another_pace(told, to, hours):
    incident = told()
    services.change_severity(incident, to, by=person("cto"), at=after(minutes=10))
    tell(after(minutes=10))

    assert due(incident) == after(seconds=5, hours=hours)


def test_the_end_makes_nothing_due(told):
    incident = told()
    services.resolve(incident, by=person("cto"), at=after(minutes=10))
    tell(after(minutes=10))

    assert due(incident) is None
    assert remind(incident, hours=9) == 0


def test_the_news_of_the_end_promises_nothing(told):
    incident = told()
    services.resolve(incident, by=person("cto"), at=after(minutes=10))
    tell(after(minutes=10))
    handed_over(message(incident, "management", event="resolved"), after(minutes=10))
    tell(after(minutes=11))

    assert due(incident) is None


def test_what_came_back_counts_from_then(told):
    incident = told()
    services.resolve(incident, by=person("cto"), at=after(minutes=10))
    tell(after(minutes=10))
    services.reopen(incident, by=person("cto"), at=after(minutes=30))
    tell(after(minutes=30))

    assert due(incident) == after(minutes=90)


def test_two_ticks_at_once_remind_once(transactional_db, told):
    incident = told()

    at_once(*[lambda: stakeholders.remind_due(at=after(hours=2))] * 2)

    assert kinds(incident).count("update_due") == 1


def test_the_room_says_when_management_was_told_and_hears_next(told):
    incident = told()

    with translation.override("ko"):
        rows = {row.group: row for row in panel(incident, at=after(minutes=61))}

    management = rows["경영진"]
    assert management.told_at == after(seconds=5)
    assert management.due_at - management.told_at == timedelta(hours=1)
    assert management.overdue is True
    assert rows["운영"].due_at is None


def test_the_list_marks_what_is_overdue(told, commander, client):
    fresh, late = told(), told()
    Briefing.objects.filter(incident=fresh).update(due_at=clock.now() + timedelta(hours=1))
    Briefing.objects.filter(incident=late).update(due_at=clock.now() - timedelta(minutes=1))
    client.force_login(commander)

    rows = client.get("/incidents/").context["open_rows"]

    assert {row.number: row.update_overdue for row in rows} == {fresh.pk: False, late.pk: True}
