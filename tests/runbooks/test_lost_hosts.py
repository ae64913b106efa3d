"""A run whose host is lost in the middle: it stops and asks, and does nothing twice by itself."""

import threading
import time

import pytest
from django.db import connections

from core import clock
from runbooks import services
from runbooks.crew import outcome
from runbooks.models import Host, Run
from tests.integrations.sshd import host
from tests.runbooks.running import book, go, states, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
WORDS = 'echo begun >>"$1"; sleep 1; echo ended >>"$1"'


@pytest.fixture
def app1(tmp_path, settings):
    settings.SSH_KEY_FILE = str(tmp_path / "id")
    (tmp_path / "home").mkdir()
    with host(tmp_path / "home", tmp_path / "id") as there:
        at = there.target
        Host.objects.create(
            name="app1", address=at.address, port=at.port, user=at.user, host_key=at.host_key
        )
        yield there


def lost_in_the_middle(app1, people, file, *, changes, breaks):
    argv = ["sh", "-c", WORDS, "sh", str(file)]
    told = {"on": "app1", "run": argv, "changes": changes}
    version = book(step("a", command=told, timeout="3s"))
    run = services.start(version, {}, by=people[0], at=clock.database_now())
    [claim] = services.claim(run.pk, at=clock.database_now(), most=1)
    results = []

    def work():
        results.append(outcome(claim))
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    while not file.exists():
        time.sleep(0.02)
    breaks(app1)
    worker.join()
    services.finish(claim, results[0], at=clock.database_now())
    return go(run)


def dropped(app1):
    app1.drop()


def frozen(app1):
    with app1.frozen():
        time.sleep(5)


@pytest.mark.parametrize("breaks", [dropped, frozen])
def test_what_changes_something_is_not_known_and_not_done_again(app1, people, tmp_path, breaks):
    file = tmp_path / "file"
    run = lost_in_the_middle(app1, people, file, changes=True, breaks=breaks)

    assert (run.state, states(run)) == ("stopped", {"1": "unknown"})
    time.sleep(1.5)
    go(Run.objects.get(pk=run.pk))
    assert file.read_text().count("begun") == 1
    assert run.steps.get().text.startswith("app1: ")


@pytest.mark.parametrize("breaks", [dropped, frozen])
def test_what_only_reads_has_failed(app1, people, tmp_path, breaks):
    file = tmp_path / "file"
    run = lost_in_the_middle(app1, people, file, changes=False, breaks=breaks)

    assert states(run) == {"1": "failed"}
    assert file.read_text().count("begun") == 1
