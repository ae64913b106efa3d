"""A year of routine work by two runners at once, with one killed, three days of standstill and two changes of the clock."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from maintenance.domain.periods import Frequency, periods_between
from maintenance.models import RoutineRun, Status
from maintenance.services.planning import know_jobs
from tests.maintenance import year
from tests.maintenance.jobs import job, only
from tests.racers import FORKED, WITHIN, Racers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ZONE = ZoneInfo(year.ZONE)
BEGAN = datetime(2026, 1, 1, 12, tzinfo=ZONE).astimezone(UTC)
ENDED = BEGAN + timedelta(days=365)
KILLED = datetime(2026, 4, 1, 3, 30, tzinfo=ZONE).astimezone(UTC)  # a day and a quarter are due
DOWN = datetime(2026, 6, 29, 0, tzinfo=ZONE).astimezone(UTC)  # a week and a quarter begin meanwhile
UP_AGAIN = DOWN + timedelta(days=3, hours=4)
STEP = timedelta(hours=9, minutes=20)  # so that they look at every hour of the day
RUNNER = "tests.maintenance.year.tick"


@pytest.fixture
def every_frequency():
    with only(**{one.value: job(frequency=one) for one in Frequency}):
        yield


def moments(since: datetime, until: datetime) -> Iterator[datetime]:
    while since < until:
        yield since
        since += STEP


def run(since: datetime, until: datetime, done: str) -> None:
    with Racers(RUNNER, RUNNER, seed=7) as runners:
        for at in moments(since, until):
            given = {"at": at, "done": done}
            assert runners.race(given, given) == [None, None]


def kill_one(at: datetime, done: str) -> None:
    name = str(connection.settings_dict["NAME"])
    victim = FORKED.Process(target=year.claim_and_be_killed, args=(name, at, done))
    victim.start()
    victim.join(WITHIN)
    assert victim.exitcode == -signal.SIGKILL


def test_each_period_of_a_year_has_exactly_one_run(every_frequency, tmp_path, tell):
    done = str(tmp_path / "performed")
    know_jobs(at=BEGAN)
    run(BEGAN, KILLED, done)
    kill_one(KILLED, done)
    run(KILLED + timedelta(hours=1), DOWN, done)
    run(UP_AGAIN, ENDED, done)

    rows = RoutineRun.objects.select_related("routine").order_by("first")
    statuses = Counter(rows.values_list("status", flat=True))
    assert set(statuses) == {Status.SUCCESS, Status.MISSED}
    for frequency in Frequency:
        kept = [row.first for row in rows if row.routine.name == frequency.value]
        assert kept == due(frequency)
    performed = Counter((tmp_path / "performed").read_text().split())
    succeeded = rows.filter(status=Status.SUCCESS)
    assert performed == Counter(row.routine.name for row in succeeded)
    assert [row.first for row in rows.filter(attempts=2)] == [date(2026, 4, 1)]
    assert {row.first for row in rows.filter(status=Status.MISSED)} == {
        date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1),
    }  # fmt: skip
    tell(f"{len(rows)} periods: {dict(statuses)}")


def due(frequency: Frequency) -> list[date]:
    last = list(moments(UP_AGAIN, ENDED))[-1]
    return [
        period.first
        for period in periods_between(frequency, date(2026, 1, 1), last.date())
        if BEGAN <= period.due(time(3), ZONE) <= last
    ]
