"""Other people's programs, unmodified, read the page: from the portal and from nginx alike."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import httpx2
import icalendar
import pytest

from statuspage.tree import Tree
from tests.listener import listeners
from tests.statuspage.scene import HOUR, NOW, START, everything
from tests.statuspage.sites import nginx, portal

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

VENV = Path(sys.executable).parent.parent
CLIENTS = Path(__file__).parent / "clients"
DOCUMENTS = {
    "summary": {"components", "incidents", "scheduled_maintenances", "status"},
    "status": {"status"},
    "components": {"components"},
    "incidents": {"incidents"},
    "incidents/unresolved": {"incidents"},
    "scheduled-maintenances": {"scheduled_maintenances"},
    "scheduled-maintenances/upcoming": {"scheduled_maintenances"},
    "scheduled-maintenances/active": {"scheduled_maintenances"},
}


@pytest.fixture(scope="session")
def clients() -> Path:
    """Their own environment, beside ours: made once, and again when its requirements change."""
    wanted, home = CLIENTS / "requirements.txt", VENV / "clients"
    stamp = home / "installed.txt"
    with (VENV / "clients.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
            uv = [sys.executable, "-m", "uv"]
            subprocess.run([*uv, "venv", "-q", "--clear", "-p", sys.executable, home], check=True)
            install = [*uv, "pip", "install", "-q", "-p", home / "bin" / "python", "-r", wanted]
            done = subprocess.run(install, capture_output=True, text=True, check=False)
            if done.returncode and not os.environ.get("CI"):
                pytest.skip(f"the clients cannot be installed: {done.stderr[-300:]}")
            assert done.returncode == 0, done.stderr
            stamp.write_bytes(wanted.read_bytes())
    return home / "bin"


@pytest.fixture
def tree(tmp_path, page, settings, commander) -> Tree:
    settings.BONGSU_HOME = tmp_path / "home"
    everything(commander)
    return Tree()


@pytest.fixture(params=["portal", "nginx"])
def site(request, tree, tmp_path) -> Iterator[str]:
    with portal() if request.param == "portal" else nginx(tree, tmp_path / "nginx") as url:
        yield url


def get(url):
    return httpx2.get(url, timeout=10, headers={"Origin": "https://elsewhere.example"})


@pytest.mark.parametrize("home", ["/api/v2", "/status/api/v2"])
def test_the_eight_documents_can_be_read_from_any_origin(site, home):
    for name, keys in DOCUMENTS.items():
        answer = get(f"{site}{home}/{name}.json")
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert set(answer.json()) == {"page", *keys}


def test_statuscheck_reads_the_page(site, clients):
    ask = [clients / "python", CLIENTS / "ask.py", site]
    said = json.loads(subprocess.check_output(ask, timeout=60))

    assert (said["name"], said["description"]) == ("Minor incident", "Minor Service Outage")
    assert said["components"] == {
        "출금과 입금": "Partial outage", "TRC-20 출금": "Partial outage",
        "입금": "Under maintenance", "공개 API": "Operational",
    }  # fmt: skip
    assert said["incidents"] == {
        "출금 지연": "identified", "DB 점검": "scheduled", "입금 점검": "in_progress",
    }  # fmt: skip


def test_the_prometheus_exporter_measures_the_page(site, clients, tmp_path):
    (tmp_path / "services.json").write_text(
        json.dumps({"ours": {"url": f"{site}/api/v2/summary.json", "name": "Ours"}})
    )
    told = {
        "RUN_MODE": "once", "METRICS_TEXTFILE_PATH": "out.prom", "SERVICES_JSON_PATH": "services.json",
        "PATH": os.environ["PATH"], "HOME": str(tmp_path),
    }  # fmt: skip
    program = clients / "statuspage-prometheus-exporter"
    done = subprocess.run(
        [program], cwd=tmp_path, env=told, capture_output=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
    lines = (tmp_path / "out.prom").read_text().splitlines()
    [incident] = [one for one in lines if one.startswith("statuspage_incident_info{")]
    assert 'impact="critical"' in incident
    assert "출금 지연" in incident
    states = [one for one in lines if one.startswith("statuspage_component_status{")]
    assert len(states) == 4, lines


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_feedparser_reads_every_feed(site, language, suffix):
    names = ["history", *(f"components/{one}" for one in ids(site))]
    for name in names:
        answer = get(f"{site}/status/{language}{name}.{suffix}")
        feed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == {"atom": "atom10", "rss": "rss20"}[suffix]
        assert answer.headers["Content-Type"] == f"application/{suffix}+xml; charset=utf-8"
        assert feed.feed.language == (language.rstrip("/") or "ko")
        for entry in feed.entries:
            assert entry.link.startswith("https://status.example/")
            assert len({one.id for one in feed.entries}) == len(feed.entries)
            at = datetime(*entry.published_parsed[:6], tzinfo=UTC)
            assert START <= at <= NOW
    whole = feedparser.parse(get(f"{site}/status/{language}history.{suffix}").content)
    assert len(whole.entries) == 6
    assert "<b>" not in "".join(one.summary for one in whole.entries)  # escaped, not taken


@pytest.mark.parametrize("language", ["", "en/"])
def test_json_feeds_keep_to_their_specification(site, language):
    """https://www.jsonfeed.org/version/1.1/: what it requires, and no type but its own."""
    for name in ["history", *(f"components/{one}" for one in ids(site))]:
        url = f"/status/{language}{name}.feed.json"
        feed = get(f"{site}{url}").json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["feed_url"] == f"https://status.example{url.removeprefix('/status')}"
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert item["content_text"]
            assert datetime.fromisoformat(item["date_published"]).tzinfo


def test_icalendar_reads_the_maintenance(site):
    answer = get(f"{site}/status/maintenance.ics")
    calendar = icalendar.Calendar.from_ical(answer.content)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (calendar["METHOD"], calendar["X-PUBLISHED-TTL"]) == ("PUBLISH", "PT1H")
    found = {str(one["SUMMARY"]): one for one in calendar.walk("VEVENT")}
    assert set(found) == {"DB 점검", "입금 점검"}
    assert found["DB 점검"].start == START + 48 * HOUR
    assert found["DB 점검"].end == START + 53 * HOUR
    assert all(not one.errors for one in calendar.walk())


def test_nginx_says_of_every_file_what_the_portal_says(tree, tmp_path):
    said = (
        "Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "Content-Security-Policy",
        "X-Content-Type-Options", "Referrer-Policy",
    )  # fmt: skip
    files = [one.relative_to(tree.current) for one in tree.current.rglob("*") if one.is_file()]
    assert len(files) > 50
    with portal() as ours, nginx(tree, tmp_path / "nginx") as theirs:
        for file in files:
            path = str(file).removesuffix("index.html")
            one, other = get(f"{ours}/{path}"), get(f"{theirs}/{path}")
            assert one.content == other.content
            assert {name: one.headers.get(name) for name in said} == {
                name: other.headers.get(name) for name in said
            }, path


def test_behind_nginx_only_subscribers_reach_the_portal(tree, tmp_path):
    with listeners() as listen:
        behind = listen("ok")
        with nginx(tree, tmp_path / "nginx", behind=behind.server.server_port) as url:
            for path in ("subscribe/", "confirm/abc/", "manage/abc/", "unsubscribe/abc/"):
                assert httpx2.post(f"{url}/status/{path}", timeout=10).status_code == 200
            assert httpx2.post(f"{url}/status/", timeout=10).status_code == 405
            assert get(f"{url}/status/subscribe/").status_code == 200
            assert len(behind.calls) == 4


def ids(site):
    found = get(f"{site}/api/v2/components.json").json()["components"]
    return [one["id"] for one in found if not one["group"]]


def test_whoever_has_it_already_is_told_so(site):
    for path in ("/status/", "/api/v2/summary.json", "/status/history.atom"):
        tag = get(f"{site}{path}").headers["ETag"]
        again = httpx2.get(f"{site}{path}", headers={"If-None-Match": tag}, timeout=10)
        assert (again.status_code, again.content) == (304, b"")
