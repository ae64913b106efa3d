"""Units on hosts, over real SSH, with a systemctl that keeps each unit in a file."""

import os
from pathlib import Path

import pytest

from core import clock
from runbooks import services
from runbooks.domain.writing import Wrong
from runbooks.models import Host
from runbooks.steps.service import Service
from sandbox.hosts.ssh import BIN
from tests.integrations.sshd import host
from tests.runbooks.running import book, go, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


@pytest.fixture
def app1(tmp_path, settings, monkeypatch):
    settings.SSH_KEY_FILE = str(tmp_path / "id")
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    home = tmp_path / "home"
    (home / "units").mkdir(parents=True)
    with host(home, tmp_path / "id") as there:
        target = there.target
        Host.objects.create(
            name="app1",
            address=target.address,
            port=target.port,
            user="ops",
            host_key=target.host_key,
        )
        unit(home, "active")
        yield home


def unit(home: Path, state: str) -> None:
    (home / "units" / "nginx").write_text(f"{state}\n")


def state(home: Path) -> str:
    return (home / "units" / "nginx").read_text().strip()


def test_where_the_host_says_so_root_does_it_and_a_dry_run_shows_that(people, app1):
    Host.objects.update(sudo=True)
    version = book(step("a", service={"on": ["app1"], "unit": "nginx", "action": "restart"}))
    [(_planned, told)] = services.foretold(version, {})
    assert told == "app1 $ sudo -n -- systemctl restart nginx"
    assert run(people, "restart").state == "done"

    (app1 / "no-sudo").touch()
    refused = run(people, "restart")
    assert refused.state == "stopped"
    assert refused.steps.get().text == "app1: sudo가 거부했어요: a password is required"


def run(people, action, **more):
    service = {"on": ["app1"], "unit": "nginx", "action": action}
    version = book(step("a", service=service | more))
    return go(services.start(version, {}, by=people[0], at=clock.database_now()))


def test_it_starts_and_says_which_unit_on_which_host(people, app1):
    unit(app1, "failed")
    found = run(people, "start").steps.get()
    assert (found.state, found.text) == ("done", "nginx: start (app1)")
    assert found.output == "app1  nginx  failed → active"
    assert state(app1) == "active"


def test_a_start_is_taken_back_by_a_stop_where_it_did_not_run_before(people, app1):
    unit(app1, "inactive")
    back = services.undo(run(people, "start"), by=people[0], at=clock.database_now())
    assert go(back).state == "done"
    assert state(app1) == "inactive"


def test_what_ran_before_is_not_stopped_by_taking_a_start_back(people, app1):
    back = services.undo(run(people, "start"), by=people[0], at=clock.database_now())
    assert go(back).state == "done"
    assert state(app1) == "active"


def test_what_does_not_come_up_fails_with_what_systemd_said(people, app1):
    unit(app1, "broken")
    found = run(people, "restart").steps.get()
    assert found.state == "failed"
    assert found.text == "app1: Job for nginx.service failed."
    assert found.rows[0]["active"] == "failed"


def test_what_is_asked_for_again_under_its_key_is_done_once(people, app1):
    done = run(people, "restart").steps.get()
    unit(app1, "inactive")  # whatever happened since
    step_again = services.advancing._work(done, done.given, None, clock.database_now())
    assert Service().run(step_again).came == "failed", (
        "it is not restarted again, and not as wished"
    )
    assert state(app1) == "inactive"


def test_status_changes_nothing(people, app1):
    unit(app1, "failed")
    found = run(people, "status").steps.get()
    assert (found.state, found.rows[0]["active"], state(app1)) == ("done", "failed", "failed")


def test_several_units_are_one_step_and_each_is_told(people, app1):
    (app1 / "units" / "app").write_text("failed\n")
    found = run(people, "restart", unit=["nginx", "app"]).steps.get()
    assert found.text == "nginx, app: restart (app1)"
    assert found.output.splitlines() == [
        "app1  nginx  active → active",
        "app1  app  failed → active",
    ]


@pytest.mark.parametrize("unit", ["-a", "nginx; reboot", "../x", "$(id)"])
def test_a_unit_is_a_name_and_nothing_else(unit):
    with pytest.raises(Wrong):
        Service().check({"on": ["app1"], "unit": unit, "action": "start"})


def test_reading_is_all_that_starts_by_itself():
    assert Service().reads_only({"action": "status"})
    assert not Service().reads_only({"action": "start"})
