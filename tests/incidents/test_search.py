import pytest
from django.db import connection

from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("대기열", "incident_title_words"),
        ("출금", "incident_title_letters"),
        ("ㅊ", "incident_title_letters"),
    ],
)
def test_words_of_any_length_are_looked_up_and_not_searched_for(words, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Incident.objects.search(words).order_by().explain()

    assert index in plan
