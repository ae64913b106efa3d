"""One decision in the middle of an incident, and everything that follows from a severity has moved."""

import pytest
from django.test import Client

from incidents import services
from incidents.models import Briefing, Incident
from incidents.services import stakeholders
from incidents.services.policies import read_book
from notifications.models import Delivery, Lane, State
from postmortems.due import due_of
from tests.incidents.conftest import after, kinds, pages, person

pytestmark = pytest.mark.django_db


def lacking(incident, user):
    client = Client()
    client.force_login(user)
    return [
        seat.role
        for seat in client.get(incident.get_absolute_url()).context["seats"]
        if seat.missing
    ]


def told_and_due(incident):
    """When stakeholders should hear again, by how long after the start."""
    while stakeholders.draft_due(at=after(minutes=21)) or stakeholders.send_due(
        at=after(minutes=21)
    ):
        pass
    return {one.group.slug: one.due_at for one in Briefing.objects.filter(incident=incident)}


def test_all_that_follows_from_a_severity_follows_it_at_once(declare, commander):
    incident = declare("P2")
    services.acknowledge(incident, by=person("tech-lead"), at=after(minutes=5))
    Delivery.objects.undone().update(state=State.SENT, sent_at=after(minutes=5))
    paged = pages(incident, lane=Lane.PAGE)
    assert lacking(incident, commander) == []

    services.change_severity(incident, "P0", by=commander, at=after(minutes=20))
    incident = Incident.objects.get()

    assert incident.respond_by == after(hours=2)  # answered: judged by its own promise
    assert incident.resolve_by == after(hours=2)
    assert incident.resolution_warn_at == after(hours=1.5)
    assert lacking(incident, commander) == ["deputy", "scribe", "communications"]
    new = pages(incident, state=State.PENDING, lane=Lane.PAGE)
    assert not new & paged
    assert ("cto", "voice") in new
    assert kinds(incident)[-2:] == ["severity", "paged"]
    assert set(told_and_due(incident).values()) == {after(minutes=51)}  # half an hour, as P0 has it
    assert read_book(at=after())["P0"].public_impact == "major_outage"
    services.resolve(incident, by=commander, at=after(hours=1))
    assert due_of(Incident.objects.get(), at=after(hours=1)).by == after(days=3, hours=1)


def test_a_change_that_comes_too_late_moves_nothing(declare, commander):
    stale = declare("P2")
    services.change_severity(Incident.objects.get(), "P1", by=commander, at=after(minutes=1))
    before = (Incident.objects.values().get(), pages(stale), kinds(stale))

    with pytest.raises(services.AlreadyMoved):
        services.change_severity(stale, "P0", by=commander, at=after(minutes=2))
    assert (Incident.objects.values().get(), pages(stale), kinds(stale)) == before
