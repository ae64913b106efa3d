"""Runbooks are written in the console: checked, seen beside the current one, tried dry, then made to count."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command

from core import clock
from runbooks import checks, services
from runbooks.models import Database, Host, Runbook, Version
from runbooks.services import loading
from tests.doors.conftest import browser, everyone
from tests.doors.test_queries import cost
from tests.integrations.sshd import host
from tests.runbooks.running import TEXT, book, go, step

__all__ = ["browser", "everyone"]
pytestmark = pytest.mark.django_db
BOOKS, VERSIONS = "/console/runbooks/runbook/", "/console/runbooks/version/"


@pytest.fixture
def console(browser):
    return browser("administrator")


def text(*steps, **more):
    body = {"title": {"ko": "점검", "en": "Look"}, "summary": TEXT, "steps": list(steps), **more}
    return json.dumps(body, ensure_ascii=False, indent=1)


def form(source, **more):
    inline = {f"versions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {"enabled": "on", "starts_by_itself": "on", "source": source} | inline | more


def changed(console, version, source, **more):
    address = f"{BOOKS}{version.runbook_id}/change/"
    return console.post(address, form(source, **more), follow=True)


def made_current(console, version):
    return console.post(
        f"{VERSIONS}{version.pk}/change/", {"runbooks_version_make_current": "1"}, follow=True
    )


def newest():
    return Version.objects.latest("pk")


def test_a_changed_text_is_a_version_that_counts_only_when_somebody_says_so(console):
    first = book(step("a", wait="0s"))
    page = changed(console, first, text(step("a", wait="7s"))).content.decode()

    assert Runbook.objects.get(pk=first.runbook_id).current == first
    assert newest().number == 2
    assert "wait&quot;: &quot;7s&quot;" in page

    page = made_current(console, newest()).content.decode()

    assert Runbook.objects.get(pk=first.runbook_id).current == newest()
    assert newest().made_by is not None
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert any("version 2" in one for one in told)
    assert "current: version 2" in told


def test_each_fault_is_named_with_its_place_and_nothing_is_written(console):
    first = book(step("a", wait="0s"))
    wrong = text(step("a", wait="soon"), step("b", command={"on": "app1", "run": "ls -l"}))
    page = changed(console, first, wrong).content.decode()
    assert "a.wait: wait: 500ms, 30s, 5min, 2h, 1d 같은 시간 길이여야 해요" in page
    assert "b.command: run: [systemctl, restart, nginx]처럼 낱말의 목록이어야 해요" in page
    assert newest() == first


def test_text_as_a_browser_sends_it_is_no_change(console):
    source = text(step("a", wait="0s"))
    first = loading.write(Runbook.objects.create(key="trial"), source, at=clock.now(), by=None)
    changed(console, first, source.replace("\n", "\r\n"))
    assert newest() == first


def test_a_new_runbook_is_seen_before_it_counts(console):
    source = text(step("a", command={"on": "app1", "run": ["df", "-P"], "changes": False}))
    page = console.post(f"{BOOKS}add/", form(source, key="look"), follow=True).content.decode()
    made = Runbook.objects.get(key="look")
    assert made.current is None
    assert "app1 $ df -P" in page
    made_current(console, newest())
    made.refresh_from_db()
    assert made.current == newest()


def test_one_goes_back_to_an_older_version_and_runs_that_began_keep_theirs(console, people):
    first, second = book(step("a", wait="1h")), book(step("b", wait="1h"))
    run = services.start(second, {}, by=people[0], at=clock.database_now())
    made_current(console, first)
    assert Runbook.objects.get(pk=first.runbook_id).current == first
    assert go(run).version == second


def test_a_runbook_of_the_library_is_put_back_as_it_came(console, tmp_path):
    (tmp_path / "look.yaml").write_text(text(step("a", wait="0s")))
    assert loading.load_library(at=clock.now(), folder=tmp_path) == 1
    made = Runbook.objects.get(key="look")
    changed(console, made.current, text(step("b", wait="0s")))
    made_current(console, newest())
    assert loading.load_library(at=clock.now(), folder=tmp_path) == 0

    wish = {"action": "reset", "_selected_action": [made.pk]}
    asked = console.post(BOOKS, wish).content.decode()
    made.refresh_from_db()
    assert made.current.number == 2
    assert "2판 → 1판" in asked
    console.post(BOOKS, wish | {"sure": "1"})

    made.refresh_from_db()
    assert made.current.number == 1
    assert LogEntry.objects.latest("pk").get_change_message() == "current: version 1"


def test_what_was_written_here_has_nothing_to_be_put_back_to(console, everyone):
    made = Runbook.objects.create(key="ours")
    source = text(step("a", wait="0s"))
    version = loading.write(made, source, at=clock.now(), by=everyone["manager"])
    page = console.post(BOOKS, {"action": "reset", "_selected_action": [made.pk]}, follow=True)
    assert "여기서 작성한" in page.content.decode()
    made.refresh_from_db()
    assert made.current == version


def test_the_preview_shows_examples_where_an_input_has_no_default(console):
    inputs = {
        "hosts": {"type": "hosts", "label": TEXT}, "age": {"type": "number", "label": TEXT, "least": 3},
        "wait": {"type": "duration", "label": TEXT}, "how": {"type": "choice", "label": TEXT, "choices": ["soft"]},
    }  # fmt: skip
    words = ["kill", "{how}", "{age}", "{wait}"]
    inner = step("b", command={"on": "{host}", "run": words})
    version = book(
        step("a", for_each={"items": "{hosts}", "as": "host"}, steps=[inner]), inputs=inputs
    )
    Host.objects.all().delete()
    Host.objects.create(name="web9", way="local")
    page = console.get(f"{VERSIONS}{version.pk}/change/").content.decode()
    assert "web9 $ kill soft 3 30s" in page


def test_the_library_that_came_can_be_read():
    call_command("check")
    assert checks.the_library_can_be_read() == []


def test_a_file_that_cannot_be_read_is_named_at_the_start(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(text(step("a", wait="soon")))
    [fault] = checks.faults_of(path)
    assert (fault.id, fault.level) == ("runbooks.E001", 40)
    assert "broken.yaml: a.wait" in fault.msg


def test_hosts_say_whether_they_are_reached(console, tmp_path, settings):
    settings.SSH_KEY_FILE = str(tmp_path / "id")
    with host(tmp_path, tmp_path / "id") as there:
        at = there.target
        fields = {"address": at.address, "user": at.user, "host_key": at.host_key}
        Host.objects.update_or_create(name="app1", defaults=fields | {"port": at.port})
        Host.objects.update_or_create(name="app2", defaults=fields | {"port": 9})
        chosen = list(Host.objects.filter(name__in=["app1", "app2"]).values_list("pk", flat=True))
        sent = {"action": "try_it", "_selected_action": chosen}
        page = console.post("/console/runbooks/host/", sent, follow=True).content.decode()
    assert "app1: 연결됐어요" in page
    assert "app2: 연결되지 않아요" in page


def test_databases_say_whether_they_are_reached(console):
    Database.objects.update_or_create(name="portal")
    Database.objects.create(name="gone", address="postgresql://nobody@127.0.0.1:9/none")
    chosen = list(Database.objects.values_list("pk", flat=True))
    sent = {"action": "try_it", "_selected_action": chosen}
    page = console.post("/console/runbooks/database/", sent, follow=True).content.decode()
    assert "portal: 연결됐어요" in page
    assert "gone: 연결되지 않아요" in page


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("database", {"name": "d", "address": "postgresql://u:secret@h/n"}),
        ("database", {"name": "d", "address": "host=h password=secret"}),
        ("database", {"name": "d", "address": "no address"}),
        ("host", {"name": "h", "way": "ssh", "address": "h", "port": "22", "host_key": ""}),
        ("host", {"name": "-h", "way": "local", "port": "22"}),
    ],
)
def test_what_would_not_work_or_leak_is_refused(console, model, sent):
    assert console.post(f"/console/runbooks/{model}/add/", sent).status_code == 200
    assert not Database.objects.filter(name="d").exists()
    assert not Host.objects.filter(name=sent["name"]).exists()


def test_runs_and_their_steps_are_read_and_never_written(console, people):
    run = go(services.start(book(step("a", wait="0s")), {}, by=people[0], at=clock.database_now()))
    for path in (f"run/{run.pk}", f"runstep/{run.steps.get().pk}"):
        address = f"/console/runbooks/{path}/change/"
        assert console.get(address).status_code == 200
        assert console.post(address, {}).status_code == 403
        assert console.post(address.replace("change", "delete")).status_code == 403
    assert console.post(f"{BOOKS}{run.version.runbook_id}/delete/").status_code == 403


@pytest.mark.parametrize("model", ["runbook", "version", "run", "runstep"])
def test_a_list_costs_the_same_with_many(console, people, model):
    found = []
    for count in (1, 10):
        for number in range(count):
            version = book(step("a", wait="0s"), key=f"b{count}-{number}")
            services.start(version, {}, by=people[0], at=clock.database_now())
        found.append(cost(console, f"/console/runbooks/{model}/"))
    assert found[0] == found[1]


def test_a_run_with_many_steps_costs_what_one_with_few_does(console, people):
    hosts = {"hosts": {"type": "hosts", "label": TEXT}}
    inner = [step("b", wait="1h")]
    version = book(
        step("a", for_each={"items": "{hosts}", "as": "host"}, steps=inner), inputs=hosts
    )
    found = []
    for count in (2, 120):
        given = {"hosts": [f"h{number}" for number in range(count)]}
        run = services.start(version, given, by=people[0], at=clock.database_now())
        found.append(cost(console, f"/console/runbooks/run/{run.pk}/change/"))
    assert found[0] == found[1]


def test_the_preview_of_a_runbook_for_a_whole_pool_shows_an_example(console):
    inputs = {
        "pool": {"type": "pool", "label": TEXT, "default": "app"},
        "hosts": {"type": "hosts", "of": "pool", "required": False, "label": TEXT},
    }
    version = book(step("a", command={"on": "{hosts}", "run": ["df"]}), inputs=inputs)
    Host.objects.all().delete()
    Host.objects.create(name="web9", way="local")
    page = console.get(f"{VERSIONS}{version.pk}/change/").content.decode()
    assert "web9 $ df" in page
