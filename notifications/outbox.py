"""The outbox carried out. Any number of workers may do this at once, and any of them may die.

1. Claim one due row with a lease of 30 s: whoever dies in the middle, another takes it over,
   its successor (`succession`) within seconds and anybody else when the lease ends.
2. If an earlier attempt was lost, ask the provider whether it arrived after all.
3. Look at the row once more: an acknowledgement has cancelled it meanwhile? Then nothing is sent.
4. Send outside any transaction, within 12 s, with the same key for every attempt.
5. Finish under the lease's token: a stale sender cannot overwrite what its successor did.

Steps 3 and 5 wait for a database that restarts: an attempt that is not written down is made again.
"""

import logging
import random
from datetime import datetime

from django.db import transaction

from core import clock
from core.patience import patient
from notifications.channel import DeliveryError, Taken
from notifications.domain.retry import give_up, wait_after
from notifications.models import Attempt, Delivery, DeliveryQuerySet, Outcome, State
from notifications.places import sender
from notifications.registry import channels
from notifications.rendering import render
from notifications.succession import LEASE

log = logging.getLogger(__name__)

CLAIM = """
UPDATE notifications_delivery SET
    state = 'leased', attempts = attempts + 1, lease_token = gen_random_uuid(),
    lease_until = now() + %(lease)s, due_at = now() + %(lease)s, leased_by = %(sender)s
WHERE id = (
    SELECT id FROM notifications_delivery
    WHERE state IN ('pending', 'leased') AND channel = %(channel)s AND lane = ANY(%(lanes)s)
      AND due_at <= now()
    ORDER BY lane, due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""  # due_at doubles as the lease's end, so that one index serves both


def send_one(channel: str, lanes: list[int]) -> bool:
    """Send the most urgent due message of a channel; False when there is none."""
    if delivery := claim(channel, lanes):
        _send(delivery)
    return delivery is not None


def claim(channel: str, lanes: list[int]) -> Delivery | None:
    given = {"lease": LEASE, "sender": sender().name, "channel": channel, "lanes": lanes}
    return next(iter(Delivery.objects.raw(CLAIM, given)), None)


def _send(delivery: Delivery) -> None:
    started = clock.now()
    if delivery.attempts > 1:
        _note_a_lost_attempt(delivery, started)
    try:
        taken = _handed_over(delivery)
    except DeliveryError as error:
        _finish_failed(delivery, error, started)
    except Exception as error:  # a bug in a channel must not stop the lane; the row keeps its trace
        log.exception("sending %s failed in an unexpected way", delivery.pk)
        _finish_failed(delivery, DeliveryError(repr(error), permanent=False), started)
    else:
        if taken:
            _finish_sent(delivery, taken, started)


def _handed_over(delivery: Delivery) -> Taken | None:
    """None when nobody wants the message any more."""
    if delivery.channel not in channels:
        raise DeliveryError(f"there is no channel {delivery.channel!r}", permanent=True)
    channel, message = channels[delivery.channel], render(delivery)
    if delivery.attempts > 1:
        if delivery.delivered_at:  # its answer was lost, but not its word about what became of it
            return Taken(delivery.provider_id)
        if found := channel.find(message, delivery.address):
            return found
    if not _is_wanted(delivery):
        return None
    return channel.send(message, delivery.address)


@patient
def _is_wanted(delivery: Delivery) -> bool:
    return _mine(delivery).exists()


def _mine(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(
        pk=delivery.pk, state=State.LEASED, lease_token=delivery.lease_token
    )


@patient
def _finish_sent(delivery: Delivery, taken: Taken, started: datetime) -> None:
    ended, provider_id = clock.now(), _storable(taken.id, 200)
    with transaction.atomic():
        # Cancelled in the very moment of sending: it did go out, and the record says so.
        Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token).update(
            state=State.SENT, sent_at=ended, provider_id=provider_id, error=""
        )
        said = {"provider": taken.by, "provider_id": provider_id, "error": taken.before}
        _record(delivery, started, ended, Outcome.SENT, **said)


@patient
def _finish_failed(delivery: Delivery, error: DeliveryError, started: datetime) -> None:
    ended, stop = clock.now(), give_up(delivery.attempts, permanent=error.permanent)
    wait = wait_after(delivery.attempts, asked=error.retry_after, jitter=random.random())  # noqa: S311
    words = _storable(str(error), 500)
    with transaction.atomic():
        _mine(delivery).update(
            state=State.FAILED if stop else State.PENDING,
            due_at=ended + wait,
            error=words,
        )
        outcome = Outcome.FAILED if stop else Outcome.RETRY
        _record(delivery, started, ended, outcome, error=str(error))


def _storable(said: str, limit: int) -> str:
    """What a stranger answered: PostgreSQL holds no NUL, and the row must be finished all the same."""
    return said.replace("\x00", "\ufffd")[:limit]


def _note_a_lost_attempt(delivery: Delivery, at: datetime) -> None:
    """The attempt before left no word: its sender died, and the evidence says so."""
    before = delivery.attempts - 1
    if not Attempt.objects.filter(delivery=delivery, number=before).exists():
        Attempt.objects.create(
            delivery=delivery,
            number=before,
            started_at=at - LEASE,
            ended_at=at,
            outcome=Outcome.LOST,
        )


def _record(
    delivery: Delivery,
    started: datetime,
    ended: datetime,
    outcome: Outcome,
    *,
    provider: str = "",
    provider_id: str = "",
    error: str = "",
) -> None:
    Attempt.objects.create(
        delivery=delivery,
        number=delivery.attempts,
        started_at=started,
        ended_at=ended,
        outcome=outcome,
        provider=provider,
        provider_id=provider_id,
        error=_storable(error, 500),
    )
