"""Checks set up, tried, paused and removed by people and by programs."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from monitoring import services
from monitoring.domain.checks import Measured, Outcome, State
from monitoring.models import Alert, Check
from tests.server import servers

pytestmark = pytest.mark.django_db
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
READ = Outcome(State.OK, 0.25, readings=(Measured("http_seconds", 0.012, unit="s"),))
USUAL = {
    "name": "쇼핑몰", "host": "", "service": "", "kind": "application", "severity": "P1",
    "interval": "60", "timeout": "5",
}  # fmt: skip


@pytest.fixture
def browser(commander):
    Check.objects.all().delete()
    client = Client(headers={"accept-language": "en"})
    client.force_login(commander)
    commander.language = "en"
    commander.save()
    return client


@pytest.fixture
def address():
    with servers() as start:
        yield f"http://127.0.0.1:{start(OK).port}/"


def own(address, **more):
    return {"on-url": address, "on-method": "GET", "on-expects": "2xx", "on-verify": "on"} | more


def post(browser, page, data):
    return browser.post(page, data, HTTP_ACCEPT_LANGUAGE="en")


def make(name="shop", **more):
    settings = {"address": "127.0.0.1", "port": 1, "greeting": ""}
    at = clock.database_now() - timedelta(hours=1)
    return Check.objects.create(name=name, collector="tcp", settings=settings, due_at=at, **more)


def run_all(outcome):
    done = [(job, outcome) for job in services.claim_checks(500)]
    services.note_runs(done, at=clock.database_now())


def test_all_collectors_are_offered(browser):
    page = browser.get("/monitoring/checks/new/").content.decode()

    assert "?collector=http" in page
    assert "?collector=tcp" in page
    assert browser.get("/monitoring/checks/new/?collector=nothing").status_code == 404


def test_a_check_is_tried_before_anything_is_kept(browser, address):
    page = post(browser, "/monitoring/checks/new/?collector=http", own(address) | {"try": "1"})

    said = page.content.decode()
    assert page.status_code == 200
    assert "http_status" in said
    assert "200" in said
    assert not Check.objects.exists()


def test_a_try_that_fails_says_why(browser, address):
    page = post(
        browser,
        "/monitoring/checks/new/?collector=http",
        own(address, **{"on-contains": "점검"}) | {"try": "1"},
    )

    assert "점검" in page.content.decode()
    assert 'class="message error"' in page.content.decode()
    assert page.status_code == 200


def test_a_check_is_added_and_run_at_once(browser, address):
    answer = post(browser, "/monitoring/checks/new/?collector=http", own(address) | USUAL)

    check = Check.objects.get()
    assert answer["Location"] == f"/monitoring/checks/{check.pk}/"
    assert (check.name, check.severity, check.interval) == ("쇼핑몰", "P1", timedelta(minutes=1))
    assert check.settings["url"] == address
    assert check.due_at <= clock.now()


@pytest.mark.parametrize(
    "wrong",
    [
        {"on-url": "ftp://x"}, {"name": ""}, {"interval": "7"}, {"timeout": "60", "interval": "30"},
        {"on-expects": "fine"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(browser, address, wrong):
    answer = post(browser, "/monitoring/checks/new/?collector=http", own(address) | USUAL | wrong)

    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not Check.objects.exists()


def test_a_name_is_given_once(browser, address):
    make(name="쇼핑몰")

    answer = post(browser, "/monitoring/checks/new/?collector=http", own(address) | USUAL)

    assert answer.status_code == 400


def test_a_check_is_changed_paused_and_removed(browser):
    check = make()
    place = f"/monitoring/checks/{check.pk}/"
    own_fields = {"on-address": "db1", "on-port": "5432"}

    assert "127.0.0.1" in browser.get(place + "change/").content.decode()
    post(browser, place + "change/", own_fields | USUAL | {"name": "db"})
    check.refresh_from_db()
    assert (check.name, check.settings["address"], check.settings["port"]) == ("db", "db1", 5432)

    post(browser, place + "pause/", {"on": "1"})
    assert not Check.objects.get().enabled
    post(browser, place + "pause/", {"on": "0"})
    assert Check.objects.get().enabled

    assert post(browser, place + "remove/", {})["Location"] == "/monitoring/checks/"
    assert not Check.objects.exists()


def test_what_was_read_and_what_went_wrong_are_shown(browser):
    check = make()
    run_all(READ)
    page = browser.get(check.get_absolute_url()).content.decode()
    assert "12\N{NO-BREAK SPACE}ms" in page
    assert "http_seconds" in page
    assert "check_up" in page

    Check.objects.update(due_at=clock.database_now() - timedelta(hours=1))
    run_all(Outcome(State.FAILING, 1, "<b>연결이 거부됐어요.</b>"))
    assert "&lt;b&gt;연결이" in browser.get(check.get_absolute_url()).content.decode()
    assert "&lt;b&gt;연결이" in browser.get("/monitoring/checks/").content.decode()


def test_a_collector_that_is_gone_breaks_no_page(browser):
    check = make()
    Check.objects.update(collector="gone")

    assert browser.get("/monitoring/checks/").status_code == 200
    assert browser.get(check.get_absolute_url()).status_code == 200
    assert browser.get(check.get_absolute_url() + "change/").status_code == 404


def test_the_list_and_a_check_cost_the_same_for_few_and_many(browser):
    def cost(path):
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    check = make()
    run_all(READ)
    paths = ["/monitoring/checks/", check.get_absolute_url(), "/api/v1/checks/"]
    few = [cost(path) for path in paths]
    for number in range(60):
        make(f"check {number}")
    Check.objects.update(due_at=clock.database_now() - timedelta(hours=1), held_until=None)
    run_all(READ)

    assert [cost(path) for path in paths] == few


def test_programs_add_change_and_remove_checks(browser, address):
    def send(method, path, **said):
        answer = getattr(browser, method)(path, json.dumps(said), content_type="application/json")
        return answer.status_code, json.loads(answer.content or b"{}")

    status, made = send(
        "post", "/api/v1/checks/", name="api", collector="http", settings={"url": address},
        interval=30, timeout=3, service="api",
    )  # fmt: skip
    assert (status, made["interval"], made["state"], made["kind"]) == (
        201, 30.0, "new", "application",
    )  # fmt: skip
    assert made["settings"]["expects"] == "2xx"
    place = f"/api/v1/checks/{made['id']}/"

    assert send("patch", place, interval=120)[1]["interval"] == 120
    assert send("patch", place, enabled=False)[1]["enabled"] is False
    assert send("patch", place, enabled=True)[1]["enabled"] is True
    assert browser.get("/api/v1/checks/?collector=tcp").json()["count"] == 0
    assert browser.get(place).json()["service"] == "api"
    assert send("delete", place)[0] == 204


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ({"collector": "nothing"}, "collector"), ({"settings": {"url": "x"}}, "settings"),
        ({"settings": []}, "settings"), ({"interval": 1}, "interval"),
        ({"timeout": 3600}, "timeout"), ({"interval": "soon"}, "interval"),
        ({"timeout": 40, "interval": 30}, "timeout"), ({"service": "nothing"}, "service"),
        ({"interval": 1e300}, "interval"),
    ],
)  # fmt: skip
def test_programs_are_told_what_is_wrong(browser, address, wrong, about):
    good = {"name": "api", "collector": "http", "settings": {"url": address}}

    answer = browser.post("/api/v1/checks/", json.dumps(good | wrong), "application/json")

    assert answer.status_code == 400
    assert about in answer.json()
    assert not Check.objects.exists()


def test_a_removed_check_takes_its_alert_along(browser):
    check = make(silent=True)
    services.tell([services.keeping._silent(check)], at=clock.now())
    assert Alert.objects.open().exists()

    browser.delete(f"/api/v1/checks/{check.pk}/")

    assert not Alert.objects.open().exists()
