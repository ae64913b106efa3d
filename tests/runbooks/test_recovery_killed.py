"""Whoever recovers data is killed at each stage and at random moments; the next one goes on, and it ends right."""

import os
import random
from datetime import timedelta
from time import sleep

import pytest

from core import clock
from integrations.pg_databases import marks
from tests.runbooks import recovering
from tests.runbooks.databases import address
from tests.runbooks.mortal import Nursery
from tests.runbooks.recovering import approve

pytestmark = pytest.mark.django_db(transaction=True)

BIG = bool(os.environ.get("BONGSU_TEST_BIG"))  # 1 GB
ROWS, LONGEST = (4_200_000, 900) if BIG else (20_000, 120)  # a life, in seconds
# Before, in the midst of or after what each stage does, and after each stage before it is written down.
DEATHS = [
    "find_backup:before", "make:before", "make:after", "fill:during", "fill:after", "rename:before",
    "rename:after", "restore_backup:before", "compare_backup:before", "approve:before",
    "command:before", "command:after", "service:before", "swap_database:before", "service:before", "check:before",
    "elapsed:before",
]  # fmt: skip


@pytest.fixture
def damaged(tmp_path):
    with recovering.place(tmp_path, rows=ROWS) as place:
        place.backup()
        place.ask("TRUNCATE transactions")
        yield place


def carried_on(run, people, nursery, point="", *, seconds=None):
    """One worker's life: until it dies at its point, is killed after that time, or the run is over."""
    hands = nursery.worker(point)
    ends = clock.now() + timedelta(seconds=seconds or LONGEST)
    while hands.lives() and clock.now() < ends:
        run.refresh_from_db()
        if run.state != "running":
            break
        approve(run, people[1])
        sleep(0.02)
    died = not hands.lives()
    hands.kill()
    recovering.lose(run)
    return died


def test_killed_at_each_stage_it_ends_right(damaged, people):
    run = damaged.started(people[0])
    with Nursery(damaged.home) as nursery:
        for point in DEATHS:
            assert carried_on(run, people, nursery, point), seen(point, run)
        carried_on(run, people, nursery)
    assert_recovered(run, damaged)


def test_killed_at_random_moments_it_ends_right(damaged, people):
    dice = random.Random(int(os.environ.get("BONGSU_TEST_SEED", "8")))
    run = damaged.started(people[0])
    with Nursery(damaged.home) as nursery:
        for _kill in range(8):
            carried_on(run, people, nursery, seconds=dice.uniform(0.1, 1.5))
        carried_on(run, people, nursery)
    assert_recovered(run, damaged)


def assert_recovered(run, where):
    run.refresh_from_db()
    assert run.state == "done", list(run.steps.values_list("name", "state", "text_en"))
    assert where.counts() == [1_000, 1_000, ROWS]
    [live, kept] = where.databases()
    found = marks(address(), seconds=5)
    assert (found[live]["bongsu"], found[kept]["bongsu"]) == ("live", "before")
    assert where.unit == "active"


def seen(point, run):
    return point, list(run.steps.values_list("name", "state", "text_en"))
