"""What a sender left behind when it died is let go of by its successor, and by nobody else."""

from datetime import timedelta

import pytest

from core import clock
from notifications import lanes, outbox, places
from notifications.models import Attempt, Delivery, Lane, State
from notifications.places import take_place
from notifications.succession import LEASE, SETTLING, take_over
from tests.notifications.conftest import WAYS, due_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever place a test takes, this process has it no longer afterwards."""
    monkeypatch.setattr(places, "_sender", places.sender())


def left_by(place, delivery):
    """Somebody in this place claimed it, and died."""
    take_place(place)
    return outbox.claim(delivery.channel, [Lane.PAGE])


def fresh(delivery):
    return Delivery.objects.get(pk=delivery.pk)


@pytest.mark.parametrize("way", WAYS)
def test_a_successor_lets_go_of_it_and_it_is_sent_a_moment_later(way, queued):
    held = left_by("hill/pages", queued(way))

    take_place("hill/pages")
    assert take_over() == 1

    assert not outbox.send_one(held.channel, [Lane.PAGE]), "before it settled"
    assert fresh(held).due_at - clock.now() <= SETTLING
    due_now(held)
    assert outbox.send_one(held.channel, [Lane.PAGE])
    assert fresh(held).state == State.SENT


def test_the_lost_attempt_is_noted_once_and_with_its_true_time(queued):
    held = left_by("hill/pages", queued("email"))
    take_place("hill/pages")
    take_over()
    due_now(held)
    outbox.send_one("email", [Lane.PAGE])

    lost, sent = Attempt.objects.filter(delivery=held)
    assert [(each.number, each.outcome) for each in (lost, sent)] == [(1, "lost"), (2, "sent")]
    assert lost.started_at == held.lease_until - LEASE


@pytest.mark.parametrize("place", ["hill/background", "hill/pages2", "hill/page_", "other/pages"])
def test_what_is_sent_in_another_place_is_left_alone(place, queued):
    held = left_by("hill/pages", queued("sms"))

    take_place(place)

    assert take_over() == 0
    assert fresh(held).due_at == held.due_at


def test_a_sender_does_not_take_over_from_itself(queued):
    held = left_by("hill/pages", queued("sms"))

    assert take_over() == 0
    assert fresh(held).due_at == held.due_at


def test_what_has_no_place_has_no_successor(queued):
    held = left_by("", queued("sms"))

    take_place("")

    assert take_over() == 0
    assert fresh(held).due_at == held.due_at


def test_it_happens_once_in_a_life_and_before_the_first_send(queued, monkeypatch):
    held = left_by("hill/pages", queued("sms"))
    take_place("hill/pages")

    lanes.wake([Lane.PAGE])
    assert fresh(held).leased_by == ""

    Delivery.objects.filter(pk=held.pk).update(leased_by="hill/pages/earlier")
    assert take_over() == 0


def test_a_wait_that_a_provider_asked_for_is_not_cut_short(queued):
    held = left_by("hill/pages", queued("sms"))
    later = clock.now() + timedelta(minutes=5)
    Delivery.objects.filter(pk=held.pk).update(state=State.PENDING, due_at=later)

    take_place("hill/pages")
    take_over()

    assert fresh(held).due_at == later
