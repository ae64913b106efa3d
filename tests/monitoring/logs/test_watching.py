"""From a line in a file to an alert: what is told, when it is over, and what is counted."""

from datetime import timedelta

import pytest
from django.db import connection

from core import clock as core_clock
from core.models import Heartbeat
from monitoring import services
from monitoring.logwatch import watcher
from monitoring.logwatch.watcher import AnotherWatches
from monitoring.models import Alert, LogFinding, LogPattern, LogSource, LogTemplate, Metric
from teams.models import Service
from tests.monitoring.logs.test_files import write

pytestmark = pytest.mark.django_db


def open_alerts():
    return list(Alert.objects.open().order_by("pk"))


def test_a_match_is_an_alert_with_the_lines_around_and_is_over_when_it_is_quiet(
    watch, log, source, pattern, seeded
):
    LogSource.objects.update(service=Service.objects.get(slug="withdrawals"))
    write(log, "before", "withdrawal failed for kim@dantaro.com password=hunter2", "after")
    watch()

    (alert,) = open_alerts()
    assert (alert.severity, alert.service, alert.integration.source) == (
        "P2",
        "withdrawals",
        "bongsu",
    )
    assert alert.title.startswith("failed: withdrawal failed for ‹email:")
    assert "hunter2" not in alert.description
    assert alert.description.splitlines()[::2] == ["before", "after"]

    write(log, "failed again")
    watch()
    assert len(open_alerts()) == 1
    assert source.findings.get().count == 2

    watch(seconds=15 * 60)
    assert open_alerts() == []
    assert LogFinding.objects.open().count() == 0

    write(log, "failed anew")
    watch()
    assert (len(open_alerts()), source.findings.count()) == (1, 2)


def test_what_follows_the_line_is_added_when_it_comes(watch, log, source, pattern):
    write(log, "it failed")
    watch()
    write(log, *(f"after {n}" for n in range(9)))
    watch()

    assert source.findings.get().after == [f"after {n}" for n in range(5)]


def test_a_successor_goes_on_with_what_is_open(watch, log, source, pattern):
    write(log, "failed 1")
    watch()
    watch.dies()
    write(log, "failed 2")
    watch()

    assert (source.findings.get().count, len(open_alerts())) == (2, 1)
    watch.dies()
    watch(seconds=15 * 60)
    assert open_alerts() == []


def test_without_a_severity_it_is_kept_and_nobody_is_told(watch, log, source, pattern):
    LogPattern.objects.update(severity="")
    write(log, "failed")
    watch()

    assert (source.findings.count(), Alert.objects.count()) == (1, 0)


def test_so_many_within_so_long_and_not_before(watch, log, source, pattern):
    LogPattern.objects.update(count=3)
    write(log, "failed", "failed")
    watch()
    assert open_alerts() == []

    write(log, "failed")
    watch()

    assert source.findings.get().count == 3
    assert len(open_alerts()) == 1


def test_an_alert_that_somebody_closed_comes_again_while_it_goes_on(watch, log, source, pattern):
    write(log, "failed")
    watch()
    Alert.objects.update(resolved_at=core_clock.now())
    watch(seconds=60)
    write(log, "failed")
    watch()

    assert len(open_alerts()) == 1


@pytest.mark.parametrize("how", ["off", "removed", "log removed", "log off"])
def test_what_is_looked_for_no_more_is_over(watch, log, source, pattern, how):
    write(log, "failed")
    watch()
    if how == "off":
        pattern.enabled = False
        services.keep_log_pattern(pattern)
    elif how == "removed":
        services.let_go_log_pattern(pattern, at=core_clock.now())
    elif how == "log removed":
        services.let_go_log_source(source, at=core_clock.now())
    else:
        source.enabled = False
        services.keep_log_source(source)
    watch(seconds=4)
    watch()

    assert open_alerts() == []


def test_a_pattern_that_is_added_holds_from_the_next_line_on(watch, log, source):
    write(log, "failed")
    watch(seconds=4)
    LogPattern.objects.create(name_ko="late", text="failed", severity="P3")
    watch(seconds=4)
    write(log, "failed")
    watch()

    assert source.findings.get().count == 1


def test_lines_and_errors_of_each_minute_are_samples(watch, log, source):
    write(log, "one", "2026 ERROR two")
    watch()
    watch(seconds=60)

    names = set(Metric.objects.filter(labels__log="app").values_list("name", flat=True))
    assert names == {"log_lines", "log_errors", "log_lag_seconds", "log_lag_bytes"}
    source.refresh_from_db()
    assert (source.lines, source.errors) == (2, 1)


def test_the_first_day_teaches_and_then_a_new_kind_of_error_is_news(watch, log, source, commander):
    LogSource.objects.update(tell_new=True)
    write(log, "ERROR node 1 timed out")
    watch()
    assert not LogTemplate.objects.new().exists()

    LogSource.objects.update(begun_at=core_clock.now() - timedelta(days=2))
    write(log, "ERROR node 2 timed out", "ERROR cannot sign withdrawal 7 for kim", "next")
    watch()

    new = LogTemplate.objects.new().get()
    assert new.text == "ERROR cannot sign withdrawal ‹› for kim"
    assert LogTemplate.objects.exclude(pk=new.pk).get().count == 2
    (alert,) = open_alerts()
    assert alert.severity == "P3"

    services.know_log_template(new, by=commander, at=core_clock.now())
    assert open_alerts() == []
    write(log, "ERROR cannot sign withdrawal 8 for lee", "next")
    watch()
    assert not LogTemplate.objects.new().exists()
    new.refresh_from_db()
    assert (new.text, new.count) == ("ERROR cannot sign withdrawal ‹› for ‹›", 2)
    assert new.days.get().count == 2


def test_kinds_of_errors_are_known_again_after_a_death(watch, log, source):
    write(log, "ERROR node 1 timed out", "next")
    watch()
    watch.dies()
    write(log, "ERROR node 2 timed out", "next")
    watch()

    assert LogTemplate.objects.get().count == 2


@pytest.mark.django_db(transaction=True)
def test_a_database_that_ends_our_session_loses_and_repeats_nothing(
    watch, log, source, pattern, counted
):
    write(log, "1 failed")
    watch()
    for n in (2, 3, 4):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            ours = cursor.fetchone()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", ours)
        other.close()
        write(log, f"{n} failed")
        watch()
        watch(seconds=4)

    assert counted() == (4, 4)


def test_a_log_that_is_written_faster_than_read_is_said_and_told(watch, log, source, monkeypatch):
    monkeypatch.setattr("monitoring.logwatch.opened.PIECE", 100)
    write(log, *("x" * 50 for _ in range(3_000)))
    for _ in range(40):
        watch.watcher.round()
        watch.clock.at += 5
    source.refresh_from_db()

    assert source.lag_seconds >= 60
    assert source.lag_bytes > 100_000
    assert [alert.key for alert in open_alerts()] == [f"log-source:{source.pk}"]

    monkeypatch.undo()
    watch()
    watch(seconds=10)
    assert open_alerts() == []


def test_a_log_that_cannot_be_read_is_told_after_a_while(watch, source):
    watch()
    assert open_alerts() == []

    watch(seconds=6 * 60)

    (alert,) = open_alerts()
    assert "app" in alert.title


def test_one_log_or_pattern_that_is_broken_takes_no_other_with_it(
    watch, log, source, pattern, counted, monkeypatch
):
    LogPattern.objects.create(name_ko="broken", kind="regex", text="(")
    LogPattern.objects.create(name_ko="broken", text="failed", exclude="(")
    broken = LogSource.objects.create(name="broken", kind="syslog", place="127.0.0.1:5514")
    monkeypatch.setattr("monitoring.logwatch.receivers.Syslog.step", fails)
    write(log, "failed")
    watch()

    broken.refresh_from_db()
    assert (counted(), broken.trouble) == ((1, 1), "unreadable|broken by a test")


def fails(*args, **more):
    raise RuntimeError("broken by a test")


def test_a_watcher_that_does_not_run_is_told_and_over_when_it_does(watch, source):
    at = core_clock.database_now()
    LogSource.objects.update(changed_at=at - timedelta(minutes=5))
    services.tend_logs(at=at)
    services.tend_logs(at=at)
    assert [alert.severity for alert in open_alerts()] == ["P1"]

    Heartbeat.objects.beat("logs")
    services.tend_logs(at=core_clock.database_now())

    assert open_alerts() == []


def test_findings_and_kinds_go_after_ninety_days_and_what_is_open_stays(
    watch, log, source, pattern
):
    write(log, "ERROR it failed", "next")
    watch()
    at = core_clock.now() + timedelta(days=91)
    services.prune_logs(at=at)
    assert (LogFinding.objects.count(), LogTemplate.objects.count()) == (1, 0)

    LogFinding.objects.update(over_at=core_clock.now())
    services.prune_logs(at=at)

    assert LogFinding.objects.count() == 0


def test_what_the_watcher_counts_is_not_undone_by_a_person_who_saves(watch, log, source, pattern):
    write(log, "failed")
    watch()
    services.keep_log_source(source)
    services.keep_log_pattern(pattern)

    source.refresh_from_db()
    pattern.refresh_from_db()
    assert (source.lines, pattern.matched) == (1, 1)


def test_one_watches_and_the_other_waits(watch, source):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [watcher.LOCK])
    with pytest.raises(AnotherWatches):
        watch()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()

    watch()
    source.refresh_from_db()
    assert source.begun_at is not None
