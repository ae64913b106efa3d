"""What each job finds in what is really there."""

import json
import socket
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone, translation
from psycopg2.extensions import make_dsn

from core import clock
from core.models import Heartbeat
from incidents import services
from incidents.models import Incident
from maintenance.domain.slowness import Spell
from maintenance.job import Finding, Level, Outcome
from maintenance.jobs.performance_analysis import _last_evidence
from maintenance.models import Capacity, Routine, RoutineRun
from maintenance.registry import jobs
from maintenance.services.timing import add_requests
from monitoring.models import Check, HeartbeatMonitor, LogSource, LogTemplate, LogTemplateDay
from notifications.models import Delivery
from teams.models import ApiToken, User
from teams.signing_in import AccessEvent
from tests.maintenance import courses
from tests.maintenance.backed_up import root
from tests.maintenance.metrics import measured
from tests.runbooks.databases import session

pytestmark = pytest.mark.django_db
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def run(name, at=None):
    return jobs[name].run(at=at or clock.database_now())


def told(name, outcome):
    with translation.override("en"):
        lines = [jobs[name].said(one.code, one.facts) for one in outcome.findings]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def local(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


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


@pytest.mark.parametrize(
    ("name", "code", "facts", "english"),
    [
        ("system_health_check", "part_down", {"part": "beat"}, "The portal's beat is down."),
        ("security_audit", "broken", {"incident": 7, "event": 2, "what": "cut off"}, "cut off"),
        ("performance_analysis", "wait", {"lane": "page", "wait": "1 s", "before": "1 s"}, "pages"),
    ],
)
def test_a_fact_that_is_a_word_is_said_in_the_readers_language(name, code, facts, english):
    assert english in told(name, Outcome([Finding(code, facts)]))[0]
    with translation.override("ko"):
        korean = jobs[name].said(code, facts)
    assert not set(facts.values()) & set(korean.replace("(", " ").split())


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
    LogSource.objects.create(
        name="app", place="/var/log/app.log", trouble="missing|/var/log/app.log", trouble_since=at
    )

    outcome = run("system_health_check")
    assert outcome.failed
    assert told("system_health_check", outcome) == [
        "The portal's beat is down.",
        f"The check db has given no data since {local(at - A_DAY)}: refused",
        "The check young has never run.",
        "The job nightly is late or failed.",
        f"The log app has not been read since {local(at)}: no such file yet (/var/log/app.log)",
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


def test_a_page_that_got_slower_is_named_with_how_often_and_how_long():
    at = clock.database_now()
    add_requests(
        {"GET /incidents/": Spell(80, 4.0, 0.1), "GET /": Spell(90, 1.8, 0.1)}, at=at - A_WEEK
    )
    add_requests({"GET /incidents/": Spell(60, 12.0, 1.5), "GET /": Spell(90, 2.0, 0.1)}, at=at)
    outcome = run("performance_analysis", at)
    lines = told("performance_analysis", outcome)
    assert "GET /incidents/ took 200 ms each (60 ×), at most 1.5 s; last week 50 ms each." in lines
    assert codes(outcome).count("slower_route") == 1
    assert outcome.figures["request_ms"] == pytest.approx(14_000 / 150)


def test_what_was_not_measured_last_week_is_not_said_to_be_as_fast():
    measured([0.02] * 24, name="http_seconds", labels={"check": "new"})
    lines = told("performance_analysis", run("performance_analysis"))
    assert "1 thing that is checked was not measured last week." in lines
    assert not any("as fast as last week" in line for line in lines)


def test_the_week_before_is_that_of_the_last_period_however_often_somebody_asked_since():
    _ran("performance_analysis", {"counters": {"1": [7, 7.0]}})
    _ran("performance_analysis", {"counters": {"1": [9, 9.0]}}, first=None)
    assert _last_evidence()["counters"] == {"1": [7, 7.0]}


def test_no_password_that_a_statement_set_is_kept_as_evidence():
    here = connection.settings_dict
    with session(make_dsn(root(), dbname=here["NAME"])) as cursor:
        cursor.execute("SET pg_stat_statements.track_utility = on")  # as by default
        cursor.execute(f"SET ROLE {here['USER']}")
        cursor.execute("BEGIN")
        cursor.execute("ALTER ROLE CURRENT_USER PASSWORD 'not for everybody'")
        cursor.execute("ROLLBACK")
    assert "not for everybody" not in str(run("performance_analysis").evidence)


def _ran(name, evidence, first="2026-11-23"):
    at = clock.database_now()
    routine, _new = Routine.objects.get_or_create(
        name=name, defaults={"hour": "03:00", "since": at}
    )
    RoutineRun.objects.create(
        routine=routine, first=first, status="SUCCESS", due_at=at, started_at=at, ended_at=at,
        evidence=evidence,
    )  # fmt: skip


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


def test_a_known_hole_in_what_is_installed_fails_the_scan(tmp_path, settings):
    part = {
        "package": {"ecosystem": "PyPI", "name": "Django"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "5.0"}, {"fixed": "99.1"}]}],
    }
    file = tmp_path / "osv.json"
    file.write_text(json.dumps({"id": "CVE-2026-7", "summary": "Bad.", "affected": [part]}))
    settings.ADVISORIES = str(file)
    outcome = run("security_scan")
    assert outcome.failed
    assert any(
        line.endswith("has CVE-2026-7: Bad. Mended in 99.1.")
        for line in told("security_scan", outcome)
    )


def test_without_advisories_it_says_what_it_cannot_tell(settings):
    settings.ADVISORIES = ""
    assert "no_advisories" in codes(run("security_scan"))
    settings.ADVISORIES = "/nowhere"
    outcome = run("security_scan")
    assert "unreadable" in codes(outcome)
    assert outcome.failed


@pytest.mark.parametrize(
    "written",
    [b"[1]", b'{"affected": 5}', b'{"affected": ["x"]}', b"PK\x05\x06" + bytes(18) + b"x"],
)
def test_advisories_of_another_shape_are_unreadable_and_the_rest_is_looked_at(
    written, tmp_path, settings
):
    file = tmp_path / "osv"
    file.write_bytes(written)
    settings.ADVISORIES = str(file)
    found = codes(run("security_scan"))
    assert "unreadable" in found
    assert "failures" in found


def test_a_port_that_nobody_allowed_is_found_where_it_really_listens(settings):
    with socket.socket() as door:
        door.bind(("0.0.0.0", 0))
        door.listen()
        port = door.getsockname()[1]
        settings.ALLOWED_PORTS = ["1"]
        assert f"port {port} of" in "\n".join(told("security_scan", run("security_scan")))
        settings.ALLOWED_PORTS = [str(port)]
        assert f"port {port} of" not in "\n".join(told("security_scan", run("security_scan")))


def test_accounts_tokens_and_factors_are_reviewed(commander, settings):
    settings.CONSOLE_NEEDS_MFA = True
    at = clock.database_now()
    User.objects.update(last_login=at)
    gone = User.objects.create(username="gone", is_active=False)
    User.objects.create(username="asleep", last_login=at - 100 * A_DAY)
    token = ApiToken.objects.create(user=gone, token_hash="a" * 64, prefix="bgs_abcd")
    Check.objects.all().delete()
    reading = {"name": "certificate_days", "value": 9.5, "labels": {}, "unit": "days"}
    Check.objects.create(name="shop", collector="http", readings=[reading])
    for _time in range(3):
        AccessEvent.objects.create(kind="failed", address="10.0.0.9")

    lines = told("security_scan", run("security_scan"))
    assert (
        "asleep has not signed in for 100 days: deactivate the account if nobody needs it." in lines
    )
    assert f"The token {token} belongs to gone, who is no longer active." in lines
    assert "The certificate that shop reads ends in 9 days: renew it." in lines
    assert (
        "Failed sign-ins in a week: 3, from so many addresses: 1; in the week before: 0." in lines
    )
    assert any(line.endswith("has no second factor.") for line in lines)


def test_a_certificate_that_has_ended_is_not_said_to_end():
    reading = {"name": "certificate_days", "value": -0.4, "labels": {}, "unit": "days"}
    Check.objects.create(name="shop", collector="http", readings=[reading])
    outcome = run("security_scan")
    assert "certificate_over" in codes(outcome)
    assert outcome.failed


def test_an_audit_verifies_every_timeline_and_who_may_do_everything(commander):
    open_incident = services.declare("지연", severity="P2", by=commander, at=clock.now())
    outcome = run("security_audit")
    assert "whole" in codes(outcome)

    Incident.objects.filter(pk=open_incident.pk).update(timeline_head="0" * 64)
    User.objects.create(username="sly")
    User.objects.filter(username="sly").update(is_staff=True)
    outcome = run("security_audit")
    assert outcome.failed
    assert {"broken", "odd_flags"} <= set(codes(outcome))


def test_what_is_behind_is_told_from_a_list_and_not_guessed(tmp_path, settings):
    settings.NEWEST_PACKAGES = settings.ADVISORIES = ""
    assert codes(run("dependency_update")) == ["no_list"]
    file = tmp_path / "newest.json"
    file.write_text(json.dumps([{"name": "django", "version": "5.2", "latest_version": "99.1"}]))
    settings.NEWEST_PACKAGES = str(file)
    outcome = run("dependency_update")
    assert outcome.figures == {"behind": 1, "mended": 0}
    assert told("dependency_update", outcome)[0].endswith("→ 99.1")
    file.write_text("[]")
    assert codes(run("dependency_update")) == ["up_to_date"]
