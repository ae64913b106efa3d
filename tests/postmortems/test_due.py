"""A severity says until when its postmortem is published; people see it where they write it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from incidents import services as incidents
from incidents.models import Incident, SeverityPolicy
from postmortems.due import due_of, dues
from postmortems.models import Postmortem, State
from postmortems.services import draft
from tests.postmortems.conftest import after

pytestmark = pytest.mark.django_db

OVER = 50  # minutes after the start, says the fixture


def test_it_is_due_so_long_after_the_resolution(resolved):
    due = due_of(resolved("P0"), at=after(days=1))

    assert (due.by, due.overdue) == (after(days=3, minutes=OVER), False)
    assert due_of(resolved("P1"), at=after(days=6)).overdue


def test_the_severity_at_the_end_decides_and_a_changed_rule_holds_at_once(resolved):
    incident = resolved("P0")
    Incident.objects.filter(pk=incident.pk).update(severity="P2")
    SeverityPolicy.objects.filter(severity="P2").update(postmortem_due=timedelta(days=20))
    incident.refresh_from_db()

    assert due_of(incident, at=after()).by == after(days=20, minutes=OVER)


def test_none_is_due_of_what_asks_for_none_goes_on_or_is_published(resolved, commander, postmortem):
    assert due_of(resolved("P3"), at=after(days=99)) is None
    again = resolved("P0")
    incidents.reopen(again, by=commander, at=after(hours=2))
    assert due_of(again, at=after(days=99)) is None
    assert dues([postmortem], at=after())
    postmortem.state = State.PUBLISHED
    assert dues([postmortem], at=after()) == {}


@pytest.mark.parametrize(("days", "said"), [(1, "까지 발행"), (-9, "발행 기한 지남")])
def test_room_list_and_editor_say_until_when(resolved, commander, days, said):
    incident = resolved("P1")
    draft(incident, by=commander, at=clock.now())
    Incident.objects.update(resolved_at=clock.now() + timedelta(days=days - 1))
    client = Client()
    client.force_login(commander)

    for page in ("", "postmortem/"):
        assert said in client.get(f"{incident.get_absolute_url()}{page}").content.decode()
    assert said in client.get("/postmortems/").content.decode()


def test_the_list_asks_once_however_many_there_are(resolved, commander):
    drafts = [draft(resolved(), by=commander, at=after(hours=1)) for _ in range(5)]

    with CaptureQueriesContext(connection) as queries:
        found = dues(Postmortem.objects.select_related("incident"), at=after())
    assert len(found) == len(drafts)
    assert len(queries) == 2
