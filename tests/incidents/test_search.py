import pytest
from django.db import connection

from incidents.models import Incident
from incidents.queries import saying, search
from incidents.services.noting import note
from tests.incidents.conftest import after

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: search(Incident.objects.all(), "대기열"), "incident_title_words"),
        (lambda: search(Incident.objects.all(), "출금"), "incident_title_letters"),
        (lambda: search(Incident.objects.all(), "ㅊ"), "incident_title_letters"),
        (lambda: saying("출금"), "incident_words"),
        (lambda: saying("출금"), "event_note_words"),
    ],
)
def test_words_of_any_length_are_looked_up_and_not_searched_for(rows, index):
    with connection.cursor() as cursor:
        # Of a few rows all ways are cheap: what reads everything is taken away.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = rows().order_by().explain()

    assert index in plan


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("콜드월렛", True),  # 콜드월렛에서: a word as it begins
        ("서명 지연", True),  # both, wherever they stand
        ("서명 누전", False),
        ("replica", True),
        ("REPLICA-2", True),
        ("db1.example.com", True),
        ("재시작", True),  # of a note
        ("o'clock", True),
        ("\\", False),
        ("' | 'a", False),
        ("!&|():*<->", False),
        ("   ", True),
    ],
)
def test_words_are_found_wherever_they_were_written(declare, commander, typed, found):
    incident = declare("P1")
    Incident.objects.filter(pk=incident.pk).update(
        title="출금   지연", description="콜드월렛에서 서명이 늦다. Replica-2 of db1.example.com"
    )
    note(incident, "서명 서버를 재시작함, it is 3 o'clock", by=commander, at=after(minutes=1))

    rows = search(Incident.objects.all(), typed)
    assert [row.pk for row in rows] == ([incident.pk] if found else [])


def test_what_is_very_long_is_taken_and_found_by_its_beginning(declare):
    incident = declare("P1")
    words = " ".join(f"word{number}" for number in range(300_000))
    Incident.objects.filter(pk=incident.pk).update(description=words)

    assert search(Incident.objects.all(), "word77").exists()
