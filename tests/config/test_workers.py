"""What RabbitMQ taught us, so that it is kept where none is installed."""

import pytest
from celery.worker.consumer import Consumer

from config.celery import app
from config.consumer import DELAYING, PlainConsumer
from config.scheduler import LeasedScheduler


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
