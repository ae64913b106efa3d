import pytest
from django.db import connection

from incidents.models import Incident, Said
from incidents.queries import saying, search
from incidents.search import beginnings
from incidents.services.noting import note
from tests.incidents.conftest import after

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: search(Incident.objects.all(), "대기열"), "incident_title_words"),
        (lambda: search(Incident.objects.all(), "출금"), "incident_title_letters"),
        (lambda: search(Incident.objects.all(), "ㅊ"), "incident_title_letters"),
        (lambda: Said.objects.filter(words=beginnings("출금")), "said_words"),
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


def test_words_that_were_written_over_are_not_found_and_notes_still_are(declare, commander):
    incident = declare("P1")
    Incident.objects.filter(pk=incident.pk).update(title="그때", description="콜드월렛")
    note(incident, "재시작함", by=commander, at=after(minutes=1))
    note(incident, "지켜봄", by=commander, at=after(minutes=2))
    Incident.objects.filter(pk=incident.pk).update(description="핫월렛")

    found = {word: list(saying(word)) for word in ("콜드월렛", "핫월렛", "그때", "재시작", "지켜")}
    assert found == {
        "콜드월렛": [], "핫월렛": [incident.pk], "그때": [incident.pk], "재시작": [incident.pk],
        "지켜": [incident.pk],
    }  # fmt: skip


def test_of_a_common_word_the_newest_are_found(declare, monkeypatch):
    monkeypatch.setattr("incidents.queries.FOUND", 2)
    _first, second, third = [declare("P1").pk for _ in range(3)]
    Incident.objects.update(title="출금 지연")
    assert list(saying("출금")) == [third, second]


def test_an_incident_that_says_more_than_can_be_kept_still_takes_notes(declare, commander):
    incident = declare("P1")
    for number in range(12):
        text = " ".join(f"{number}{'w' * 1000}{word}" for word in range(60))
        note(incident, text, by=commander, at=after(minutes=number))
    assert list(saying("0w")) == [incident.pk]
