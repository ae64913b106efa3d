"""The timeline only grows: the database refuses, and the chain shows what was done in spite of it."""

import io

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from incidents import services
from incidents.models import Event, Incident
from tests.incidents.conftest import after

pytestmark = pytest.mark.django_db

TAMPERING = [
    "UPDATE incidents_event SET actor = 'somebody else'",
    "UPDATE incidents_event SET data = '{}' WHERE seq = 1",
    "UPDATE incidents_event SET seq = seq",
    "DELETE FROM incidents_event",
    "DELETE FROM incidents_event WHERE seq = 1",
]


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def incident(declare, commander):
    made = declare("P1")
    for text in ("첫째", "둘째", "셋째"):
        services.note(made, text, by=commander, at=after(minutes=1))
    run("SET CONSTRAINTS ALL IMMEDIATE")  # so that the table can be altered in this transaction
    return made


@pytest.fixture
def unfenced(incident):
    """Somebody who owns the table lifts both fences for a moment."""

    def tamper(statement):
        run("ALTER TABLE incidents_event DISABLE TRIGGER append_only")
        run("GRANT UPDATE, DELETE ON incidents_event TO CURRENT_USER")
        run(statement)
        run("REVOKE UPDATE, DELETE ON incidents_event FROM CURRENT_USER")
        run("ALTER TABLE incidents_event ENABLE TRIGGER append_only")

    return tamper


def verified():
    """(exit code, what was said) of `manage.py verify_timeline`."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_timeline", stdout=out, stderr=err)
    except SystemExit as ended:
        return ended.code, out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


@pytest.mark.parametrize("statement", TAMPERING)
def test_the_permission_is_not_there(incident, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(statement)


@pytest.mark.parametrize("statement", TAMPERING)
def test_with_the_permission_the_trigger_still_refuses(incident, statement):
    run("GRANT UPDATE, DELETE ON incidents_event TO CURRENT_USER")

    with pytest.raises(ProgrammingError, match="append-only"):
        run(statement)


def test_it_cannot_be_emptied(incident):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("TRUNCATE incidents_event CASCADE")

    run("GRANT TRUNCATE ON incidents_event TO CURRENT_USER")
    with pytest.raises(ProgrammingError, match="append-only"):
        run("TRUNCATE incidents_event CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.update(actor="x"),
        lambda event: Event.objects.bulk_update([event], ["actor"]),
        lambda event: Event.objects.filter(pk=event.pk)._raw_delete("default"),
    ],
    ids=["save", "delete", "update", "bulk_update", "raw delete"],
)
def test_the_orm_is_refused_as_well(incident, change):
    event = incident.timeline.latest("seq")

    with pytest.raises(ProgrammingError), transaction.atomic():
        change(event)
    assert Event.objects.count() == 5


def test_an_incident_with_a_timeline_cannot_be_deleted(incident):
    with pytest.raises(Exception, match="protected foreign keys"):
        incident.delete()


def test_a_place_in_the_chain_is_given_once(incident):
    event = incident.timeline.latest("seq")
    event.pk = None

    with pytest.raises(Exception, match="one_event_a_place"), transaction.atomic():
        event.save(force_insert=True)


def test_an_untouched_timeline_is_whole(incident):
    assert verified() == (0, "5 events, 0 broken timelines\n")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('UPDATE incidents_event SET data = \'{"text": "x"}\' WHERE seq = 4', "event 4 is changed"),
        ("UPDATE incidents_event SET actor = 'x' WHERE seq = 3", "event 3 is changed"),
        ("UPDATE incidents_event SET at = at + interval '1 s' WHERE seq = 2", "event 2 is changed"),
        ("DELETE FROM incidents_event WHERE seq = 2", "event 2 is missing"),
        ("DELETE FROM incidents_event WHERE seq = 5", "event 5 is cut off"),
        ("DELETE FROM incidents_event WHERE seq > 2", "event 3 is cut off"),
        ("DELETE FROM incidents_event", "event 1 is cut off"),
    ],
)
def test_what_was_changed_in_spite_of_the_fences_is_found(incident, unfenced, statement, found):
    unfenced(statement)

    code, said = verified()

    assert code == 1
    assert f"#{incident.number}: {found}" in said


def test_an_event_smuggled_in_is_found(incident):
    event = incident.timeline.latest("seq")
    event.pk, event.seq = None, 6
    event.save(force_insert=True)

    assert verified()[0] == 1


def test_a_changed_head_is_found_and_other_incidents_are_not_blamed(incident, declare):
    other = declare("P2")
    Incident.objects.filter(pk=incident.pk).update(timeline_head="0" * 64)

    code, said = verified()

    assert code == 1
    assert f"#{incident.number}:" in said
    assert f"#{other.number}:" not in said
