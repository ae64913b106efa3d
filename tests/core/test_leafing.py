import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.leafing import AHEAD, Leaves
from teams.models import Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaves():
    Service.objects.bulk_create(Service(slug=f"s{n:02}") for n in range(AHEAD + 5))
    return lambda asked: Leaves(Service.objects.order_by("slug"), 1, asked=asked)


@pytest.mark.parametrize(
    ("asked", "number", "total"),
    [
        ("1", 1, "11+"),
        ("3", 3, "13+"),
        ("5", 5, "15+"),
        ("6", 6, "15"),
        ("99", 15, "15"),
        ("9" * 5000, 1, "15"),
        ("x", 1, "11+"),
        ("-1", 11, "11+"),
        ("٣", 3, "11+"),
    ],
)
def test_a_reader_sees_how_many_pages_follow_as_far_as_they_were_counted(
    leaves, asked, number, total
):
    pages = leaves(asked)

    assert (pages.get_page(asked).number, pages.total) == (number, total)


def test_only_the_next_few_pages_are_counted(leaves):
    with CaptureQueriesContext(connection) as queries:
        assert leaves("2").count == 2 + AHEAD

    assert f"LIMIT {2 + AHEAD}" in queries[0]["sql"]
