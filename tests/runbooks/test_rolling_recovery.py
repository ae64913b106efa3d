"""M4.2 as it comes with Bongsu, by the real crew, on three real servers behind HAProxy under 200 requests a second."""

import time
from datetime import timedelta

import pytest

from core import clock
from runbooks import services
from runbooks.crew import Crew
from runbooks.models import Run, Runbook, RunStep
from runbooks.services.loading import LIBRARY, write
from tests.integrations.balanced import NAMES
from tests.runbooks.running import states
from tests.runbooks.serving.pool import load, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
KEY = "rolling-recovery"


@pytest.fixture
def pool(people, tmp_path, settings, monkeypatch):
    with serving(tmp_path, settings, monkeypatch) as found:
        yield found


@pytest.fixture
def version(people):
    book = Runbook.objects.create(key=KEY)
    return write(book, (LIBRARY / f"{KEY}.yaml").read_text(), at=clock.now(), by=None)


def recovery(version, people, **inputs):
    given = {"settle": "1s", "healthy_for": "1s"} | inputs  # no hosts: all of the pool
    run = services.start(version, given, by=people[0], at=clock.database_now())
    RunStep.objects.filter(run=run, name="healthy").update(timeout=timedelta(seconds=20))
    return run


def carried_out(run: Run, people) -> Run:
    """By threads, as in the product, until it is over or needs somebody; approved as soon as it asks."""
    crew, settled = Crew(), ("done", "aborted", "stopped")
    while run.state not in settled:
        crew.advance(run.pk)
        for step in run.steps.filter(state="waiting", action__state="proposed"):
            services.approve(step.action, by=people[1], at=clock.now())
        services.execute_next(at=clock.database_now())
        time.sleep(0.1)
        run.refresh_from_db()
    while run.steps.filter(state="running").exists():
        time.sleep(0.1)
    return run


def texts(run):
    return list(run.steps.filter(state="failed").values_list("text_en", flat=True))


def sentences(run):
    return [one["en"] for said in run.steps.values_list("said", flat=True) for one in said]


def test_all_servers_are_recovered_and_no_request_fails(version, people, pool):
    before = [(pool.folder / name / "pid").read_text() for name in NAMES]
    with load(pool.port) as asked:
        run = carried_out(recovery(version, people), people)
    assert run.state == "done", [(one.path, one.text) for one in run.steps.all() if one.text]
    assert asked["faults"] == {}
    assert asked["came"].keys() == set(NAMES)
    assert all((pool.folder / name / "pid").read_text() not in before for name in NAMES)
    assert {pool.state(name) for name in NAMES} == {"ready"}
    assert "3 serve in pool app." in sentences(run)


def test_a_server_that_fails_its_check_ends_it_and_the_others_serve_on(version, people, pool):
    pool.spoil("app2")
    with load(pool.port) as asked:
        run = carried_out(recovery(version, people), people)
        time.sleep(1)
    assert run.state == "stopped"
    assert asked["faults"] == {}
    assert states(run)["3/app2/7"] == "failed", texts(run)
    assert states(run)["3/app3/1"] == "pending"
    assert [pool.state(name) for name in NAMES] == ["ready", "drain", "ready"]
    assert any(one.startswith("app2 does not pass its health check.") for one in sentences(run))


def test_two_at_once_never_leave_fewer_than_the_floor(version, people, pool):
    with load(pool.port) as asked:
        run = carried_out(recovery(version, people, hosts=["app1", "app2"], at_once=2), people)
    assert run.state == "stopped"
    assert asked["faults"] == {}
    assert {pool.state(name) for name in NAMES} == {"ready"}
    assert any("it takes at least 2" in text or "적어도 2대" in text for text in texts(run))


def test_taken_back_a_server_that_was_left_out_serves_again(version, people, pool):
    pool.spoil("app2")
    run = carried_out(recovery(version, people), people)
    pool.mend("app2")
    with load(pool.port) as asked:
        back = services.undo(run, by=people[0], at=clock.database_now())
        assert carried_out(back, people).state == "done"
    assert asked["faults"] == {}
    assert {pool.state(name) for name in NAMES} == {"ready"}
