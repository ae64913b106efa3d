"""A wake-up saves waiting; losing one, or its broker, costs nothing else."""

import time

import pytest
from celery import current_app
from django.db import transaction

from core import nudge as module
from core.nudge import nudge

TICK = "tests.tick"


@pytest.fixture
def sent(monkeypatch):
    """What reached the broker, and when."""
    found = []
    monkeypatch.setattr(
        current_app, "send_task", lambda task, **_: found.append((task, time.monotonic()))
    )
    monkeypatch.setattr(module, "_publishers", {})
    return found


def settle(sent, count=1):
    deadline = time.monotonic() + 5
    while len(sent) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(3 * module.QUIET)


@pytest.mark.django_db
def test_nothing_is_woken_before_the_rows_are_there(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        nudge(TICK)
    settle(sent, 0)

    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_woken_for_rows_that_were_rolled_back(sent):
    with transaction.atomic():
        nudge(TICK)
        transaction.set_rollback(True)
    settle(sent, 0)

    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_alerts_are_a_few_wake_ups_and_the_last_is_after_the_last_alert(sent):
    began = time.monotonic()
    for _ in range(10_000):
        nudge(TICK)
    last = time.monotonic()
    settle(sent)

    assert 1 <= len(sent) <= (last - began) / module.QUIET + 2
    assert sent[-1][1] >= last - module.QUIET


@pytest.mark.django_db(transaction=True)
def test_each_tick_has_a_wake_up_of_its_own(sent):
    for task in ("a", "b", "a"):
        nudge(task)
    settle(sent, 2)

    assert {task for task, _ in sent} == {"a", "b"}


@pytest.mark.django_db(transaction=True)
def test_what_may_wait_leaves_its_time_to_what_may_not(sent):
    began = time.monotonic()
    nudge("later", after=0.3)
    nudge("later", after=0.3)
    nudge("now")
    settle(sent, 2)

    assert [task for task, _ in sent] == ["now", "later"]
    assert sent[1][1] - began >= 0.3


@pytest.mark.django_db(transaction=True)
def test_asked_for_at_once_it_does_not_wait_for_the_later_wish(sent):
    nudge(TICK, after=30)
    nudge(TICK)
    settle(sent)

    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_delays_and_breaks_nothing(sent, monkeypatch, caplog):
    def away(task, **_):
        raise OSError("no broker")

    working = current_app.send_task
    monkeypatch.setattr(current_app, "send_task", away)
    began = time.monotonic()
    nudge(TICK)
    took = time.monotonic() - began
    time.sleep(3 * module.QUIET)
    monkeypatch.setattr(current_app, "send_task", working)
    nudge(TICK)
    settle(sent)

    assert took < 0.5
    assert "the sweep will do it" in caplog.text
    assert [task for task, _ in sent] == [TICK]
