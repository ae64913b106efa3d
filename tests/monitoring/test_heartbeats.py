"""Heartbeats: when a job is late, what its pings say, and that the alert takes the usual road."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core import clock
from monitoring import services
from monitoring.domain.heartbeats import Kind, Schedule, State, is_cron, kind_of, state_of
from monitoring.models import Alert, HeartbeatMonitor, Ping
from teams.models import Service

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2026-11-28T03:31", "2026-11-29T03:30"),
        ("2026-11-28T03:29", "2026-11-28T03:30"),
        ("2026-03-28T03:30", "2026-03-29T03:30"),  # the night of 23 hours
        ("2026-10-24T03:30", "2026-10-25T03:30"),  # the night of 25
    ],
)
def test_a_cron_expression_keeps_its_local_hour_over_the_change(last, expected):
    schedule = Schedule(DAY, HOUR, "30 3 * * *", BERLIN)

    assert schedule.expected(local(last).astimezone(UTC)) == local(expected)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.NEW),
        ({"last_ping_at": START, "due_at": START + DAY}, State.UP),
        ({"last_ping_at": START, "due_at": START + 30 * MINUTE}, State.LATE),
        ({"last_ping_at": START, "due_at": START}, State.DOWN),
        ({"last_ping_at": START, "due_at": START + DAY, "failing": True}, State.DOWN),
        ({"started_at": START, "due_at": START + HOUR}, State.STARTED),
        ({"started_at": START, "due_at": START}, State.DOWN),  # began and never ended
        ({"paused": True, "failing": True}, State.PAUSED),
    ],
)
def test_what_was_heard_of_a_job_says_how_it_stands(facts, state):
    usual = {
        "paused": False, "failing": False, "last_ping_at": None, "started_at": None,
        "due_at": None, "grace": HOUR,
    }  # fmt: skip

    assert state_of(**(usual | facts), at=START) == state


@pytest.mark.parametrize(
    ("expression", "valid"),
    [("30 3 * * 1-5", True), ("@daily", False), ("61 * * * *", False), ("0 0 30 2 *", False)],
)
def test_what_is_a_cron_expression(expression, valid):
    assert is_cron(expression) is valid


def test_only_the_exit_code_zero_is_a_success():
    assert (kind_of(0), kind_of(1), kind_of(255)) == (Kind.SUCCESS, Kind.FAIL, Kind.FAIL)


@pytest.fixture
def job(seeded):
    service = Service.objects.get(slug="withdrawals")
    return HeartbeatMonitor.objects.create(name="정산 배치", service=service, severity="P1")


def ping(job, kind=Kind.SUCCESS, at=START, **more):
    assert services.ping(job.key, kind, at=at, **more)


def watch(at):
    return services.watch_heartbeats(at=at)


def alerts():
    rows = Alert.objects.order_by("pk")
    return [(alert.title, alert.severity, alert.resolved_at is None) for alert in rows]


db = pytest.mark.django_db


@db
@pytest.mark.parametrize("cron", ["", "0 12 * * *"])  # noon in Seoul, the very moment of the start
@pytest.mark.parametrize(
    ("kind", "before", "due"),
    [
        (Kind.SUCCESS, None, START + DAY + HOUR),
        (Kind.FAIL, START + MINUTE, START + DAY + HOUR),
        (Kind.START, None, START + HOUR),
        (Kind.START, START + MINUTE, START + MINUTE),  # it was to be heard of sooner
        (Kind.START, START - MINUTE, START + HOUR),  # late already: it has its grace to end
        (Kind.LOG, START + MINUTE, START + MINUTE),
    ],
)
def test_when_it_is_too_late_after_each_kind_of_ping(job, kind, before, due, cron):
    HeartbeatMonitor.objects.update(due_at=before, cron=cron)

    ping(job, kind)

    assert HeartbeatMonitor.objects.get().due_at == due


@db
def test_a_job_that_is_not_heard_of_in_time_is_one_alert_until_it_is_heard_of(job):
    ping(job)
    assert watch(START + DAY) == 0

    late = START + DAY + HOUR
    assert watch(late) == 1
    assert watch(late + MINUTE) == 0
    assert alerts() == [("정산 배치에서 소식이 없어요", "P1", True)]
    assert Alert.objects.get().service == "withdrawals"

    ping(job, at=late + MINUTE)
    assert watch(late + MINUTE) == 1
    assert alerts() == [("정산 배치에서 소식이 없어요", "P1", False)]


@db
def test_a_job_that_stays_silent_is_told_again_whenever_it_misses_one_more(job):
    ping(job)
    late = START + DAY + HOUR
    watch(late)

    assert watch(late + DAY) == 0
    assert watch(late + DAY + HOUR) == 1
    assert Alert.objects.get().count == 2

    services.close([Alert.objects.get().pk], at=late + DAY + HOUR)
    watch(late + 2 * (DAY + HOUR))

    assert [still_open for *_, still_open in alerts()] == [False, True]


@db
def test_a_job_that_never_pinged_is_not_late(job):
    assert watch(START + 100 * DAY) == 0


@db
def test_a_failure_is_an_alert_at_once_and_a_failure_said_again_counts(job):
    ping(job, Kind.FAIL, exit_code=3)
    watch(START)
    ping(job, Kind.FAIL, at=START + MINUTE, exit_code=3)
    watch(START + MINUTE)

    assert alerts() == [("정산 배치에서 실패를 알렸어요", "P1", True)]
    assert Alert.objects.get().count == 2


@db
def test_a_failure_after_somebody_closed_the_alert_is_a_new_one(job):
    ping(job, Kind.FAIL)
    watch(START)
    services.close([Alert.objects.get().pk], at=START)

    ping(job, Kind.FAIL, at=START + MINUTE)
    watch(START + MINUTE)

    assert [still_open for *_, still_open in alerts()] == [False, True]


@db
def test_what_began_and_did_not_end_is_late_after_its_grace_and_a_run_is_timed(job):
    ping(job, Kind.START)
    ping(job, at=START + 5 * MINUTE, body="done")
    assert Ping.objects.filter(kind=Kind.SUCCESS).get().took == 5 * MINUTE

    ping(job, Kind.START, at=START + DAY)
    assert watch(START + DAY + HOUR) == 1


@db
def test_a_paused_job_is_never_late_and_has_its_whole_time_when_it_goes_on(job):
    ping(job, Kind.FAIL)
    watch(START)
    services.pause(job, on=True, at=START)
    assert watch(START) == 1  # its alert ends
    assert watch(START + 10 * DAY) == 0

    services.pause(job, on=False, at=START + 10 * DAY)
    assert watch(START + 11 * DAY) == 0
    assert watch(START + 11 * DAY + HOUR) == 1


@db
def test_a_changed_schedule_counts_from_the_last_ping_and_loses_none(job):
    stale = HeartbeatMonitor.objects.get()
    ping(job)

    stale.period = HOUR
    services.keep(stale)

    fresh = HeartbeatMonitor.objects.get()
    assert (fresh.last_ping_at, fresh.due_at) == (START, START + 2 * HOUR)


@db
def test_a_removed_job_takes_its_alert_along(job):
    ping(job, Kind.FAIL)
    watch(START)
    services.let_go(job, at=START)

    assert [still_open for *_, still_open in alerts()] == [False]
    assert not HeartbeatMonitor.objects.exists()


@db
def test_thousands_of_jobs_cost_the_tick_a_fixed_number_of_queries(
    seeded, django_assert_max_num_queries
):
    HeartbeatMonitor.objects.bulk_create(
        HeartbeatMonitor(name=f"job {n}", due_at=START if n < 400 else START + DAY)
        for n in range(5_000)
    )

    with django_assert_max_num_queries(13):
        assert watch(START) == 400
    with django_assert_max_num_queries(6):
        assert watch(START) == 0


@db
def test_pings_are_kept_for_a_month_and_a_thousand_of_each_job(job):
    ping(job, at=START - 31 * DAY)
    Ping.objects.bulk_create(Ping(monitor=job, at=START, kind="success") for _ in range(1_005))

    services.prune_pings(at=START)

    assert Ping.objects.count() == 1_000


@pytest.fixture
def commander_client(commander):
    client = Client()
    client.force_login(commander)
    return client


@pytest.fixture
def machine():
    return Client(enforce_csrf_checks=True)


@db
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_any_method_is_a_ping(job, machine, method):
    answer = getattr(machine, method)(f"/ping/{job.key}")

    assert answer.status_code == 200
    assert HeartbeatMonitor.objects.get().last_ping_at


@db
@pytest.mark.parametrize(
    ("path", "kind", "code"),
    [
        ("", "success", None), ("/start", "start", None), ("/fail", "fail", None),
        ("/log", "log", None), ("/0", "success", 0), ("/7", "fail", 7),
    ],
)  # fmt: skip
def test_the_address_says_what_happened(job, machine, path, kind, code):
    body = "오류\x00 \udcff".encode(errors="surrogateescape")
    machine.post(f"/ping/{job.key}{path}", body, content_type="text/plain")

    said = Ping.objects.get()
    assert (said.kind, said.exit_code) == (kind, code)
    assert said.body.startswith("오류")


@db
@pytest.mark.parametrize("path", ["/256", "/nonsense", "/-1"])
def test_an_address_that_says_nothing_is_not_found(job, machine, path):
    assert machine.get(f"/ping/{job.key}{path}").status_code == 404
    assert not Ping.objects.exists()


@db
def test_an_unknown_address_is_not_found_and_a_long_body_is_cut(job, machine):
    assert machine.get("/ping/00000000-0000-4000-8000-000000000000").status_code == 404
    machine.post(f"/ping/{job.key}", b"x" * 50_000, content_type="text/plain")

    assert len(Ping.objects.get().body) == 10_000


@db
def test_the_pages_show_what_is_missing_first_and_cost_the_same_for_many(
    job, commander_client, django_assert_max_num_queries
):
    ping(job, Kind.FAIL, body="disk full")
    HeartbeatMonitor.objects.bulk_create(HeartbeatMonitor(name=f"job {n}") for n in range(200))

    with django_assert_max_num_queries(13):
        page = commander_client.get("/monitoring/heartbeats/").text
    assert page.index("정산 배치") < page.index("job 7")
    assert "disk full" in commander_client.get(f"/monitoring/heartbeats/{job.pk}/").text


@db
def test_a_commander_makes_changes_and_removes_a_job(commander_client):
    said = {
        "name": "backup", "severity": "P2", "period": "1440", "grace": "60", "cron": "30 3 * * *",
        "time_zone": "Asia/Seoul", "service": "",
    }  # fmt: skip
    page = commander_client.post("/monitoring/heartbeats/new/", said, follow=True)
    made = HeartbeatMonitor.objects.get()
    assert str(made.key) in page.text
    assert made.period == DAY

    wrong = commander_client.post(f"/monitoring/heartbeats/{made.pk}/change/", said | {"cron": "x"})
    assert wrong.status_code == 400

    commander_client.post(f"/monitoring/heartbeats/{made.pk}/remove/")
    assert not HeartbeatMonitor.objects.exists()


class TestWords:
    @pytest.fixture
    def job(self, db):
        return HeartbeatMonitor.objects.create(name="백업", period=DAY, grace=HOUR)

    def said(self, at=None):
        services.watch_heartbeats(at=at or clock.now())
        return Alert.objects.open().get().description

    def post(self, job, way, body):
        answer = Client().post(f"/ping/{job.key}{way}", body, content_type="text/plain")
        assert answer.status_code == 200

    def test_a_failed_job_says_why_without_its_secrets(self, job):
        self.post(job, "/fail", "No space left on device\npassword=hunter2-hunter2 10.1.2.3\n")

        told = self.said()

        assert told.splitlines()[0] == "No space left on device"
        assert "hunter2" not in told
        assert "10.1.2.3" not in told
        assert Ping.objects.get().body.rstrip() == told, "it is not kept either"

    def test_the_log_before_a_failure_without_words_counts(self, job):
        self.post(job, "/log", "pg_dump: error")
        self.post(job, "/fail", "")

        assert self.said() == "pg_dump: error"

    def test_what_was_said_before_it_succeeded_is_over(self, job):
        self.post(job, "/fail", "No space left")
        self.post(job, "", "")

        assert self.said(clock.now() + 2 * DAY) == ""

    def test_of_a_long_story_the_beginning_is_told(self, job):
        self.post(job, "/1", "\n".join(f"line {number}" for number in range(99)))

        assert self.said() == "\n".join(f"line {number}" for number in range(10)) + "…"
