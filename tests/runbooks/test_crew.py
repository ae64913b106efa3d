"""The threads that run steps: never more than there are places, however many claim at once."""

import threading
import time

import pytest
from django.db import connections

from core import clock
from runbooks import crew as crews
from runbooks.crew import Crew
from runbooks.models import Host, Run, RunStep, Way
from runbooks.services import start
from tests.runbooks.running import book, step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]

PLACES = 3
COUNTS = """touch "$1/$$"; ls "$1" | wc -l; sleep 0.2; rm "$1/$$" """


@pytest.fixture
def many(people, tmp_path):
    Host.objects.create(name="here", way=Way.LOCAL)
    (tmp_path / "at-it").mkdir()
    counts = {
        "on": "here",
        "run": ["sh", "-c", COUNTS, "sh", str(tmp_path / "at-it")],
        "changes": False,
    }
    lanes = {"items": [str(one) for one in range(6)], "at_once": 6}
    version = book(step("all", for_each=lanes, steps=[step("one", command=counts)]))
    return [start(version, {}, by=people[0], at=clock.database_now()) for _run in range(2)]


def test_two_who_claim_at_once_share_the_places(many, monkeypatch):
    monkeypatch.setattr(crews, "AT_ONCE", PLACES)
    ours, both = Crew(), threading.Barrier(2)

    def press(run):
        try:
            both.wait()
            while Run.objects.get(pk=run.pk).state == "running":
                ours.advance(run.pk)
                time.sleep(0.01)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=press, args=[run]) for run in many]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(50)

    assert set(Run.objects.values_list("state", flat=True)) == {"done"}
    counted = RunStep.objects.filter(kind="command").values_list("facts__out", flat=True)
    assert len(counted) == 12
    assert max(map(int, counted)) <= PLACES
