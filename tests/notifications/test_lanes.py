"""Threads that empty the outbox: they give way to the reader of alerts, but not with the first page."""

import threading
import time

import pytest
from django.db import connections

from notifications import lanes
from notifications.models import Delivery, Lane, State

PATIENCE = 20.0


@pytest.fixture
def one_sender(monkeypatch):
    """A single thread for each channel, which gives way for as long as it must."""
    monkeypatch.setattr(lanes, "SLOTS", 1)
    monkeypatch.setattr(lanes, "LONGEST_WAIT", PATIENCE)
    monkeypatch.setattr(lanes, "_pools", {})
    monkeypatch.setattr(lanes, "_stopping", threading.Event())
    yield
    for pool in lanes._pools.values():
        pool.submit(connections.close_all)
    lanes.finish()


@pytest.mark.django_db(transaction=True)
def test_while_alerts_are_read_the_first_page_goes_out_and_the_next_waits(queued, one_sender):
    queued("email", step="0")
    queued("email", step="1")

    with lanes.giving_way():
        lanes.wake([Lane.PAGE])
        assert sent_within(PATIENCE, wanted=1) == 1
        assert sent_within(0.5, wanted=2) == 1

    assert sent_within(PATIENCE / 2, wanted=2) == 2


def sent_within(seconds: float, *, wanted: int) -> int:
    deadline = time.monotonic() + seconds
    sent = Delivery.objects.filter(state=State.SENT)
    while sent.count() < wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    return sent.count()
