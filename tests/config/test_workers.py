"""What brokers taught us, so that it is kept where none is installed."""

import os
import threading
import time
from pathlib import Path

import pytest
from celery.platforms import EX_FAILURE
from celery.worker.consumer import Consumer

from config.celery import app
from config.consumer import DELAYING, PlainConsumer
from config.family import Family, Member, hire
from config.scheduler import LeasedScheduler
from tests.racers import FORKED


def test_a_worker_sets_up_nothing_for_delayed_tasks_and_leaves_out_nothing_else():
    left_out = set(Consumer.Blueprint.default_steps) - set(PlainConsumer.Blueprint.default_steps)

    assert left_out == {DELAYING}


def test_what_is_meant_for_one_queue_reaches_no_other():
    assert [queue.routing_key for queue in app.conf.task_queues] == [
        "page",
        "notify",
        "sight",
        "bulk",
        "pdf",
        "crowd",
    ]


def test_beat_has_no_connection_of_its_own_that_could_stay_broken():
    assert LeasedScheduler(app=app, lazy=True).producer is None


@pytest.mark.django_db
def test_a_new_beat_ticks_at_once_and_then_by_its_schedule():
    entry = LeasedScheduler.Entry.from_entry("trial", app=app, task="trial", schedule=60.0)

    assert entry.is_due().is_due
    assert not next(entry).is_due().is_due


def wait_for_ever() -> None:
    """A thread as a task's is: an interpreter that ends waits for it."""
    threading.Thread(target=time.sleep, args=(600,)).start()


def lose_the_broker() -> None:
    worker = hire("mortal", ["page"])

    def lost(_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'hostname'")

    worker.blueprint.start = lost  # type: ignore[method-assign]
    wait_for_ever()
    worker.start()


def fail(home: Path) -> None:
    def live() -> int:
        wait_for_ever()
        raise RuntimeError("out of work")

    family = Family(home)
    family.members = [Member("failing", live)]
    family._fork(family.members[0])
    _, status = os.waitpid(family.members[0].pid, 0)
    os._exit(os.waitstatus_to_exitcode(status))


def test_a_worker_that_cannot_go_on_dies_at_once():
    child = FORKED.Process(target=lose_the_broker)
    child.start()
    child.join(30)

    assert child.exitcode == EX_FAILURE
    child.close()


def test_whoever_fails_in_the_family_leaves_no_process_behind(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "lock").touch()
    (tmp_path / "log").mkdir()
    child = FORKED.Process(target=fail, args=(tmp_path,))
    child.start()
    child.join(30)

    assert child.exitcode == 1
    assert "out of work" in (tmp_path / "log" / "failing.log").read_text()
    child.close()
