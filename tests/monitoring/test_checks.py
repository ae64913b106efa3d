"""Which check is run when, what is kept of it, and when its silence becomes an alert."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.models import Heartbeat
from monitoring import services
from monitoring.charting import series
from monitoring.domain.checks import Job, Measured, Outcome, State, points_of, silent_at
from monitoring.models import Alert, Check, Metric
from monitoring.services.keeping import STILL, TICK

NOON = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FINE = Outcome(State.OK, 0.5, readings=(Measured("tcp_seconds", 0.01, unit="s"),))
WRONG = Outcome(State.FAILING, 0.5, "연결이 거부됐어요.")


def check(name="shop", **more):
    return Check.objects.create(
        name=name, collector="tcp", settings={"address": "a", "port": 1}, **more
    )


@pytest.fixture
def quiet(seeded):
    """The seeds without their own checks."""
    Check.objects.all().delete()


def last_of(metric, now):
    return series(metric, now - MINUTE, now + MINUTE).bins[-1].mean


def firing():
    return set(Alert.objects.open().values_list("key", flat=True))


def watch(at):
    """As the tick does, which has been running all along, as has the measuring."""
    Heartbeat.objects.beat("monitoring")
    Heartbeat.objects.beat(TICK)
    Heartbeat.objects.update(at=at)
    services.watch_checks(at=at)


@pytest.mark.parametrize(
    ("last_ok", "since", "silent"),
    [(None, 0, 3), (10, 0, 13), (10, 20, 23), (20, 20, 23)],
)
def test_silence_counts_from_the_last_data_or_from_when_it_was_set_up(last_ok, since, silent):
    heard = None if last_ok is None else NOON + last_ok * MINUTE

    assert silent_at(heard, NOON + since * MINUTE, MINUTE) == NOON + silent * MINUTE


def test_what_is_read_carries_host_service_and_check():
    job = Job(7, "상점", "tcp", {}, 5, NOON, host="web1", service="api", kind="business")

    points, faults = points_of(job, FINE)

    assert faults == []
    assert {(point.metric.name, point.value) for point in points} == {
        ("tcp_seconds", 0.01), ("check_up", 1), ("check_seconds", 0.5),
    }  # fmt: skip
    for point in points:
        assert point.metric.labels == {"check": "상점", "host": "web1", "service": "api"}
        assert (point.metric.kind, point.at) == ("business", NOON)


def test_what_describes_the_host_is_not_named_after_the_check():
    outcome = Outcome(State.OK, 0.1, readings=(Measured("host_load", 1),), of_host=True)

    points, _faults = points_of(Job(7, "web1", "host", {}, 5, NOON, host="web1"), outcome)

    by_name = {point.metric.name: point.metric.labels for point in points}
    assert by_name["host_load"] == {"host": "web1"}
    assert by_name["check_up"] == {"check": "web1", "host": "web1"}


def test_a_reading_that_cannot_be_stored_spoils_no_other():
    outcome = Outcome(State.OK, 0.1, readings=(Measured("x" * 500, 1), Measured("fine", 2)))

    points, faults = points_of(Job(7, "a", "tcp", {}, 5, NOON), outcome)

    assert {point.metric.name for point in points} == {"fine", "check_up", "check_seconds"}
    assert len(faults) == 1


@pytest.mark.django_db
def test_what_is_due_is_claimed_once_and_due_again_on_its_grid():
    now = clock.database_now()
    row = check(due_at=now - timedelta(seconds=90))

    (job,) = services.claim_checks(10)

    assert services.claim_checks(10) == []
    row.refresh_from_db()
    assert row.due_at == now + timedelta(seconds=30)
    assert (job.check, job.name, job.timeout) == (row.pk, "shop", 10)
    assert job.at == row.last_run_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more", [{"enabled": False}, {"due": 30}, {"held": 30}], ids=["paused", "not yet", "held"]
)
def test_what_is_not_due_is_not_claimed(more):
    now = clock.database_now()
    check(
        enabled=more.get("enabled", True),
        due_at=now + timedelta(seconds=more.get("due", -1)),
        held_until=now + timedelta(seconds=more["held"]) if "held" in more else None,
    )

    assert services.claim_checks(10) == []


@pytest.mark.django_db
def test_a_clock_that_is_put_back_stops_no_check():
    now = clock.database_now()
    row = check(due_at=now + timedelta(hours=5, seconds=30), held_until=now + timedelta(hours=5))

    assert len(services.claim_checks(10)) == 1
    row.refresh_from_db()
    assert timedelta(0) < row.due_at - now <= MINUTE


@pytest.mark.django_db
def test_the_longest_due_come_first():
    now = clock.database_now()
    for number in range(5):
        check(f"check {number}", due_at=now - number * MINUTE)

    found = [job.name for job in services.claim_checks(2)]

    assert set(found) == {"check 3", "check 4"}


@pytest.mark.django_db
def test_no_more_are_claimed_than_asked_for_where_the_planner_believes_there_is_one():
    now = clock.database_now()
    with connection.cursor() as cursor:
        check("check 0", due_at=now - MINUTE)
        cursor.execute("ANALYZE monitoring_check, teams_service")
    for number in range(1, 20):
        check(f"check {number}", due_at=now - MINUTE)

    assert len(services.claim_checks(4)) == 4


@pytest.mark.django_db(transaction=True)
def test_two_processes_never_claim_the_same():
    now = clock.database_now()
    for number in range(60):
        check(f"check {number}", due_at=now - MINUTE)

    def claim(_turn):
        try:
            return [job.check for job in services.claim_checks(5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = [key for keys in pool.map(claim, range(40)) for key in keys]

    assert len(found) == 60
    assert len(set(found)) == 60


@pytest.mark.django_db
def test_what_was_read_is_stored_and_noted():
    now = clock.database_now()
    row, other = check(due_at=now - MINUTE), check("other", due_at=now - MINUTE)
    jobs = {job.name: job for job in services.claim_checks(10)}

    services.note_runs([(jobs["shop"], FINE), (jobs["other"], WRONG)], at=now)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.last_error, row.took) == ("ok", "", 0.5)
    assert row.last_ok_at == row.last_run_at
    assert row.held_until is None
    assert row.readings == [
        {"name": "tcp_seconds", "value": 0.01, "labels": {}, "unit": "s"}
    ]  # fmt: skip
    assert (other.state, other.last_error, other.last_ok_at) == ("failing", WRONG.error, None)
    ups = Metric.objects.filter(name="check_up").values_list("labels__check", "pk")
    assert {name: last_of(pk, now) for name, pk in ups} == {"shop": 1, "other": 0}


@pytest.mark.django_db
def test_a_check_removed_while_it_runs_is_no_trouble():
    row = check(due_at=NOON)
    jobs = services.claim_checks(10)
    services.remove_check(row, at=NOON)

    services.note_runs([(jobs[0], FINE)], at=clock.database_now())

    assert not Check.objects.exists()


@pytest.mark.django_db
def test_an_old_run_that_ends_late_does_not_overwrite_a_newer_one():
    row = check(due_at=NOON)
    (old,) = services.claim_checks(10)
    Check.objects.update(due_at=clock.database_now(), held_until=None, last_run_at=NOON)

    services.note_runs([(old, WRONG)], at=clock.database_now())

    row.refresh_from_db()
    assert row.state == "new"


@pytest.mark.django_db
def test_a_timeout_longer_than_the_interval_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="check_ends_before_the_next"), transaction.atomic():
        check(timeout=2 * MINUTE)


@pytest.mark.django_db
def test_three_intervals_without_data_are_an_alert_that_ends_by_itself(quiet):
    row = check(since=NOON, last_ok_at=NOON, state="failing", last_error=WRONG.error)

    watch(NOON + 2 * MINUTE)
    assert firing() == set()
    watch(NOON + 3 * MINUTE)
    watch(NOON + 4 * MINUTE)

    alert = Alert.objects.open().get()
    assert alert.key == f"check:{row.pk}"
    assert (alert.count, alert.severity, alert.description) == (1, "P2", WRONG.error)
    assert alert.labels == {"alertname": "no_data", "check": "shop", "kind": "system"}
    assert alert.started_at == NOON

    Check.objects.update(last_ok_at=NOON + 5 * MINUTE, state="ok", last_error="")
    watch(NOON + 5 * MINUTE)
    assert firing() == set()


@pytest.mark.django_db
def test_what_was_never_heard_is_told_too(quiet):
    row = check(since=NOON, state="failing")

    watch(NOON + 3 * MINUTE)

    assert firing() == {f"check:{row.pk}"}


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["pause", "remove"])
def test_what_is_paused_or_removed_is_no_alert_any_more(end, quiet):
    row = check(since=NOON, state="failing")
    watch(NOON + 3 * MINUTE)
    assert firing()

    if end == "pause":
        services.pause_check(row, on=True, at=NOON + 4 * MINUTE)
    else:
        services.remove_check(row, at=NOON + 4 * MINUTE)
    watch(NOON + 5 * MINUTE)

    assert firing() == set()


@pytest.mark.django_db
def test_a_changed_check_has_its_time_anew_and_its_alert_waits_for_data(quiet):
    row = check(since=NOON, state="failing")
    watch(NOON + 3 * MINUTE)
    row.refresh_from_db()

    services.keep_check(row, at=NOON + 4 * MINUTE)
    watch(NOON + 5 * MINUTE)
    assert firing() == {f"check:{row.pk}"}

    Check.objects.update(last_ok_at=NOON + 5 * MINUTE, state="ok")
    watch(NOON + 5 * MINUTE)
    assert firing() == set()


def stand_still(since, until):
    Heartbeat.objects.beat("monitoring")
    Heartbeat.objects.beat(TICK)
    Heartbeat.objects.filter(name="monitoring").update(at=until)
    Heartbeat.objects.filter(name=TICK).update(at=since)


@pytest.mark.django_db
def test_when_nothing_is_measured_that_is_one_alert_and_not_one_a_check(quiet):
    for number in range(20):
        check(f"check {number}", since=NOON, last_ok_at=NOON, state="ok")
    later = NOON + 10 * MINUTE
    stand_still(NOON, later)

    services.watch_checks(at=later)
    services.watch_checks(at=later)

    assert firing() == {STILL}
    assert Alert.objects.open().get().count == 1

    watch(later + MINUTE)  # it goes on, and what is well says so by itself
    assert firing() == set()
    Check.objects.filter(name__endswith="7").update(state="failing")
    watch(later + MINUTE)
    assert len(firing()) == 2


@pytest.mark.django_db
def test_where_nothing_is_set_up_nothing_stands_still(quiet):
    check(enabled=False)
    stand_still(NOON, NOON + 10 * MINUTE)

    services.watch_checks(at=NOON + 10 * MINUTE)

    assert firing() == set()


@pytest.mark.django_db
def test_a_portal_that_was_off_for_a_night_tells_of_nothing_when_it_starts(quiet):
    check(since=NOON, last_ok_at=NOON, state="ok")
    stand_still(NOON, NOON)
    morning = clock.database_now()

    services.watch_checks(at=morning)

    assert firing() == set()
    assert Heartbeat.objects.fresh(TICK, at=morning, within=MINUTE)
