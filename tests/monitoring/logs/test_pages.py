"""The pages about logs: what they show, what they cost, and how a pattern is tried before it is kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.seeds.log_patterns import PATTERNS, log_patterns
from core import clock
from core.models import Planted
from monitoring.domain.logs.patterns import Patterns, fault_of
from monitoring.models import Integration, LogFinding, LogPattern, LogSource, LogTemplate
from teams.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(seeded):
    client = Client()
    client.force_login(User.objects.get(username="commander"))
    return client


def found(source, pattern, n, **more):
    at = clock.now() - timedelta(minutes=n)
    return LogFinding.objects.create(
        source=source, pattern=pattern, severity="P1", level=3, at=at, last_at=at, over_at=at,
        line=f"line {n} <b>", before=["before"], after=["after"], **more,
    )  # fmt: skip


def template(source, n):
    at = clock.now()
    import uuid

    return LogTemplate.objects.create(
        source=source, fingerprint=uuid.uuid4(), text=f"kind ‹› {n}", example="e", level=3,
        first_at=at, last_at=at,
    )  # fmt: skip


def test_the_overview_shows_logs_findings_kinds_and_patterns_at_a_constant_cost(
    browser, source, pattern
):
    costs = []
    browser.get("/monitoring/logs/")  # what is asked once and remembered
    for many in (2, 12):
        for n in range(many):
            found(source, pattern, n)
            template(source, n).days.create(day=clock.now().date(), count=n)
            LogPattern.objects.create(name_ko=f"{many} {n}", text="x")
            LogSource.objects.create(name=f"{many} {n}", place="/x")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/monitoring/logs/").content.decode()
        costs.append(len(queries))

    assert costs[0] == costs[1]
    for text in ("line 1 &lt;b&gt;", "kind ‹› 1", "failed", source.name):
        assert text in page


def test_a_finding_is_shown_with_the_lines_around(browser, source, pattern):
    finding = found(source, pattern, 1, last_line="the last")

    page = browser.get(finding.get_absolute_url()).content.decode()

    for text in ("before", "line 1 &lt;b&gt;", "after", "the last"):
        assert text in page


def test_a_log_is_followed_and_its_page_says_how_it_fares(browser, tmp_path):
    answer = browser.post(
        "/monitoring/logs/new/",
        {"name": "app", "kind": "file", "place": str(tmp_path), "enabled": "on"},
    )
    source = LogSource.objects.get()
    assert answer["Location"] == source.get_absolute_url()

    LogSource.objects.update(trouble="refused|/x", lost=3, lag_seconds=5)
    page = browser.get(source.get_absolute_url()).content.decode()
    assert "/x" in page

    browser.post(f"{source.get_absolute_url()}remove/")
    assert not LogSource.objects.exists()


def test_a_place_that_is_none_is_refused(browser):
    answer = browser.post(
        "/monitoring/logs/new/", {"name": "app", "kind": "file", "place": "app.log"}
    )

    assert answer.status_code == 400
    assert not LogSource.objects.exists()


def test_a_receiver_shows_its_token_once_and_the_token_works(browser):
    page = browser.post(
        "/monitoring/logs/new/", {"name": "shipper", "kind": "http", "enabled": "on"}, follow=True
    ).content.decode()
    token = page.split("/ingest/logs/")[1].split("/")[0]

    answer = Client().post(f"/ingest/logs/{token}/", b"a\nb", content_type="text/plain")
    assert answer.json() == {"lines": 2}

    source = LogSource.objects.get()
    again = browser.get(source.get_absolute_url()).content.decode()
    assert token not in again
    browser.post(f"{source.get_absolute_url()}remove/")
    assert not Integration.objects.get(source="logs").enabled


@pytest.mark.parametrize(
    ("text", "said"),
    [("failed", "2"), ("nothing", "0"), ("(", "errorlist")],
)
def test_a_pattern_is_tried_against_pasted_lines_before_it_is_kept(browser, text, said):
    pasted = "it failed token=abc\nok\nfailed again\n"
    answer = browser.post(
        "/monitoring/logs/patterns/new/",
        {"name_ko": "n", "kind": "regex", "text": text, "pasted": pasted},
        headers={"hx-request": "true"},
    )
    page = answer.content.decode()

    assert (answer.status_code, LogPattern.objects.filter(name_ko="n").exists()) == (200, False)
    assert said in page
    assert "token=abc" not in page


def test_a_pattern_is_kept_changed_and_removed(browser, pattern):
    said = {
        "name_ko": "n", "kind": "words", "text": "a b", "severity": "P1", "count": "3", "within": "5",
        "cooldown": "15", "enabled": "on",
    }  # fmt: skip
    browser.post("/monitoring/logs/patterns/new/", said)
    kept = LogPattern.objects.get(name_ko="n")
    assert (kept.count, kept.within) == (3, timedelta(minutes=5))

    assert browser.post(kept.get_absolute_url(), said | {"count": "0"}).status_code == 400
    browser.post(kept.get_absolute_url(), said | {"count": "4"})
    kept.refresh_from_db()
    assert kept.count == 4

    browser.post(f"{kept.get_absolute_url()}remove/")
    assert not LogPattern.objects.filter(name_ko="n").exists()


def test_a_kind_of_error_that_somebody_knows_is_no_news(browser, source):
    kind = template(source, 1)

    browser.post(f"/monitoring/logs/kinds/{kind.pk}/known/")

    assert "kind ‹› 1" not in browser.get("/monitoring/logs/").content.decode()
    kind.refresh_from_db()
    assert kind.acknowledged_by.username == "commander"


@pytest.mark.parametrize("name", ["logs", "log-patterns", "log-findings", "log-templates"])
def test_the_api_lists_them(browser, source, pattern, name):
    found(source, pattern, 1)
    template(source, 1)
    answer = browser.get(f"/api/v1/{name}/").json()

    assert answer["results"]
    one = answer["results"][0]["id"]
    assert browser.get(f"/api/v1/{name}/{one}/").json()["id"] == one


def test_the_api_finds_what_is_open(browser, source, pattern):
    found(source, pattern, 1)
    LogFinding.objects.update(over_at=None)

    assert len(browser.get("/api/v1/log-findings/?status=open").json()["results"]) == 1
    assert browser.get("/api/v1/log-findings/?status=over").json()["results"] == []
    assert browser.get(f"/api/v1/log-findings/?pattern={pattern.pk}").json()["results"]


FITS = {
    "database-corrupt": [
        "ERROR:  invalid page in block 7 of relation base/1/2",
        "PANIC:  could not locate a valid checkpoint record",
    ],
    "database-refuses": [
        'connection to server at "db1", port 5432 failed: Connection refused',
        "FATAL:  the database system is starting up",
        "org.postgresql.util.PSQLException: Connection to db:5432 refused. could not connect",
    ],
    "database-full": [
        "FATAL:  sorry, too many clients already",
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        "HikariPool-1 - Connection is not available, request timed out after 30000ms",
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached",
    ],
    "out-of-memory": [
        "Out of memory: Killed process 812 (java) total-vm:8192kB",
        "java.lang.OutOfMemoryError: Java heap space",
        "oom-kill:constraint=CONSTRAINT_MEMCG",
    ],
    "disk-full": ["write failed: No space left on device", "Error: ENOSPC: no space left, write"],
    "segfault": [
        "wallet[812]: segfault at 0 ip 00007f sp 00007f error 4",
        "Segmentation fault (core dumped)",
    ],
    "unit-failed": ["nginx.service: Failed with result 'exit-code'."],
    "tron-node": [
        "broadcast failed: TAPOS_ERROR",
        "trongrid request timed out after 5000 ms",
        "contract execution OUT_OF_ENERGY",
    ],
    "withdrawals-fail": ["withdrawal 8123 failed: insufficient energy", "출금 8123 처리 실패"],
    "sign-ins-fail": ["sshd[1]: Failed password for root from 1.2.3.4", "관리자 로그인 실패 3회"],
    "tls": [
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
        "SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired",
        "SSL_do_handshake() failed (SSL: error:0A000086) TLS handshake failed",
    ],
}
QUIET = [
    "INFO withdrawal 8123 accepted", "withdrawals summary: 120 done, 0 failed", "GET /health 200",
    "tron block 812312 received", "Accepted password for deploy", "출금 8123 완료",
    "checkpoint complete: wrote 12 buffers", "TLS handshake completed",
]  # fmt: skip


@pytest.mark.parametrize("slug", [one.slug for one in PATTERNS])
def test_what_comes_with_us_fits_what_programs_write(slug):
    row = next(one for one in PATTERNS if one.slug == slug)
    asked = LogPattern(kind="regex", text=row.text, exclude=row.exclude)
    patterns = Patterns([asked.looked_for])

    assert fault_of("regex", row.text) == ""
    assert [line for line in FITS[slug] if not patterns(line.encode())] == []
    assert [line for line in QUIET if patterns(line.encode())] == []


@pytest.mark.parametrize(
    ("language", "name"), [("ko", "데이터베이스 손상"), ("en", "Database corruption")]
)
def test_what_comes_with_us_is_named_in_the_readers_language(browser, language, name):
    User.objects.filter(username="commander").update(language=language)

    assert name in browser.get("/monitoring/logs/").content.decode()


def test_a_name_in_one_language_is_one_in_both(browser, seeded):
    said = {"kind": "words", "text": "x", "count": "1", "within": "5", "cooldown": "15"}
    browser.post("/monitoring/logs/patterns/new/", said | {"name_ko": "하나"})
    assert LogPattern.objects.get(text="x").name_en == "하나"

    assert browser.post("/monitoring/logs/patterns/new/", said).status_code == 400


def test_what_comes_with_us_comes_once(seeded):
    LogPattern.objects.exclude(slug="").first().delete()
    count = LogPattern.objects.count()
    log_patterns()
    assert LogPattern.objects.count() == count

    Planted.objects.filter(name="log patterns").delete()
    log_patterns()
    log_patterns()
    assert LogPattern.objects.count() == len(PATTERNS)
