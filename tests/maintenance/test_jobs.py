"""What each job finds in what is really there."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from core import clock
from core.models import Heartbeat
from maintenance.job import Level
from maintenance.models import Capacity, Routine, RoutineRun
from maintenance.registry import jobs
from monitoring.models import Check, HeartbeatMonitor, LogSource, LogTemplate, LogTemplateDay
from notifications.models import Delivery
from tests.maintenance import courses
from tests.maintenance.metrics import measured

pytestmark = pytest.mark.django_db
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def run(name, at=None):
    return jobs[name].run(at=at or clock.database_now())


def told(name, outcome):
    with translation.override("en"):
        lines = [jobs[name].said(one.code, one.facts) for one in outcome.findings]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def codes(outcome):
    return [one.code for one in outcome.findings]


class Anything(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 1


@pytest.mark.parametrize("name", list(jobs))
def test_each_job_says_every_finding_in_both_languages(name):
    job = jobs[name]
    with translation.override("ko"):
        names = [job.title, job.purpose, *(one.label for one in job.figures.values())]
        said = [*map(str, names), *(str(words % Anything()) for words in job.words.values())]
    for words in said:
        assert any("가" <= letter <= "힣" for letter in words), words


@pytest.fixture
def running():
    Check.objects.all().delete()
    for tick in ("incidents", "monitoring", "beat"):
        Heartbeat.objects.beat(tick)


def test_a_system_that_runs_is_healthy(running):
    outcome = run("system_health_check")
    assert codes(outcome) == ["all_well"], told("system_health_check", outcome)


def test_each_thing_that_is_not_well_is_named(running):
    at = clock.database_now()
    Heartbeat.objects.filter(name="beat").update(at=at - timedelta(minutes=5))
    silent = {"last_ok_at": at - A_DAY, "since": at - 2 * A_DAY, "state": "failing"}
    Check.objects.create(name="db", collector="postgresql", last_error="refused", **silent)
    Check.objects.create(name="young", collector="dns")
    HeartbeatMonitor.objects.create(name="nightly", failing=True)
    LogSource.objects.create(name="app", place="/var/log/app.log", trouble="no such file")

    outcome = run("system_health_check")
    assert outcome.failed
    assert told("system_health_check", outcome) == [
        "The portal's beat is down.",
        "The check db gives no data: refused",
        "The check young has never run.",
        "The job nightly is late or failed.",
        "The log app cannot be read: no such file",
    ]
    assert outcome.figures["wrong"] == 4


TODAY = datetime(2026, 11, 30, 18, tzinfo=UTC)
YESTERDAY = date(2026, 11, 29)


def kind(log, text, counts, **more):
    times = {"first_at": TODAY - timedelta(days=40), "last_at": TODAY} | more
    row = LogTemplate.objects.create(
        source=log, fingerprint=uuid4(), text=text, example=text, level=2, **times
    )
    for back, count in counts.items():
        day = YESTERDAY - back * A_DAY
        LogTemplateDay.objects.create(template=row, day=day, count=count)


@pytest.fixture
def log():
    LogSource.objects.all().delete()
    return LogSource.objects.create(
        name="app", place="/a", begun_at=TODAY - timedelta(days=40), last_at=TODAY
    )


def test_new_errors_and_more_errors_stand_out_from_the_usual_ones(log):
    kind(log, "usual <*>", dict.fromkeys(range(29), 20), is_new=False)
    kind(log, "surges <*>", {0: 90} | dict.fromkeys(range(1, 29), 20), is_new=False)
    kind(log, "never seen <*>", {0: 3}, is_new=True, first_at=TODAY - A_DAY)

    outcome = run("log_analysis", TODAY)
    assert not outcome.failed
    assert told("log_analysis", outcome) == [
        "113 errors on 2026-11-29, against 40 a day in the four weeks before.",
        "New in app, 3 times: never seen <*>",
        "In app 90 times, against 20 a day before: surges <*>",
    ]
    assert outcome.figures == {"errors": 113, "new": 1}


def test_a_log_that_fell_silent_is_named(log):
    LogSource.objects.update(last_at=TODAY - 3 * A_DAY)
    assert "silent" in codes(run("log_analysis", TODAY))


def test_a_query_that_got_slower_is_found_in_the_database_itself():
    with connection.cursor() as cursor:
        for _call in range(50):
            cursor.execute("SELECT pg_sleep(0.02)")
    first = run("performance_analysis")
    assert "no_statements" not in codes(first)
    [slept] = [key for key, text in first.evidence["texts"].items() if "pg_sleep" in text]
    week = {slept: [50, 50 * 2.0]}  # last week it took 2 ms
    _ran("performance_analysis", {"counters": {slept: [0, 0.0]}, "week": week})

    outcome = run("performance_analysis")
    assert any(
        line.startswith("Took 2") and line.endswith("last week 2 ms: SELECT pg_sleep($1)")
        for line in told("performance_analysis", outcome)
    ), told("performance_analysis", outcome)


def _ran(name, evidence):
    at = clock.database_now()
    routine, _new = Routine.objects.get_or_create(
        name=name, defaults={"hour": "03:00", "since": at}
    )
    RoutineRun.objects.create(
        routine=routine, status="SUCCESS", due_at=at, started_at=at, ended_at=at, evidence=evidence
    )


def test_pages_that_wait_for_long_fail_it_and_slower_answers_are_told(commander):
    at = clock.database_now()
    for number in range(20):
        due = at - A_DAY
        Delivery.objects.create(
            lane=0, topic=f"t{number}", step="s", recipient_name="a", language="ko", channel="sms",
            address="1", template="t", created_at=due, due_at=due, state="sent",
            sent_at=due + timedelta(seconds=40),
        )  # fmt: skip
    outcome = run("performance_analysis", at)
    assert outcome.failed
    assert outcome.figures["page_wait"] == pytest.approx(40)


def test_capacities_are_foreseen_and_what_is_full_soon_is_named():
    Capacity.objects.all().delete()
    Capacity.objects.create(metric=measured(courses.line(base=50, a_day=0.4)), full_at=95)
    outcome = run("capacity_planning")
    assert codes(outcome)[0] in {"full_soon", "enough"}
    assert outcome.figures["foreseen"] == 1


def test_without_a_capacity_it_says_so():
    Capacity.objects.all().delete()
    outcome = run("capacity_planning")
    assert [(one.code, one.level) for one in outcome.findings] == [("none", Level.NOTE)]
