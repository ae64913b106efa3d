"""Nobody knows what happened while nobody watched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from statuspage.domain.board import blocks
from statuspage.domain.states import State
from statuspage.models import Component, Interval
from statuspage.reading import read
from statuspage.services import follow, watch
from tests.statuspage.scene import START, page_of_three

MINUTE = timedelta(minutes=1)


def spans():
    return {(one.state, one.began_at, one.ended_at) for one in Interval.objects.all()}


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [1, 4, 5])
def test_a_restart_is_no_hole(page, minutes):
    watch(at=START)
    assert not watch(at=START + minutes * MINUTE)
    assert spans() == set()


@pytest.mark.django_db
def test_what_nobody_watched_is_unknown_of_every_component(page):
    assert not watch(at=START)
    assert watch(at=START + 10 * MINUTE)
    assert not watch(at=START + 11 * MINUTE)

    assert spans() == {(State.UNKNOWN, START, START + 10 * MINUTE)}
    assert Interval.objects.count() == Component.objects.count()
    for block in blocks(read(at=START + 11 * MINUTE)):
        for row in block.rows:
            assert row.sums.seconds[State.UNKNOWN] == 600
            assert row.sums.hundredths({State.MAJOR: 100}) == 10_000


@pytest.mark.django_db
def test_what_was_said_of_that_time_counts(page, trouble):
    watch(at=START)
    trouble("P1", at=START)
    follow(at=START)
    watch(at=START + 10 * MINUTE)

    [row] = (
        row for block in blocks(read(at=START + 10 * MINUTE)) for row in block.rows
        if row.name["en"] == "Withdrawals"
    )  # fmt: skip
    assert row.sums.seconds[State.MAJOR] == 600
    assert State.UNKNOWN not in row.sums.seconds


@pytest.mark.django_db(transaction=True)
def test_of_two_ticks_at_once_one_writes_it_down(seeded):
    page_of_three()
    watch(at=START)

    def tick(_number):
        try:
            return watch(at=START + 10 * MINUTE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tick, range(4))) == 1
    assert Interval.objects.count() == Component.objects.count()
