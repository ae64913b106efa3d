"""An update on its way to everybody who wants it. Any number of workers may walk at once, and any may die.

1. `announcing.announce` writes one row a way in the transaction that makes the update public.
2. `take` hands out the next subscribers in the order of their keys as a batch with a lease, or takes over one
   whose sender died; the mailing's cursor moves in the same transaction.
3. The sender notes after each mail how far it is, before it sends the next (`statuspage.progress`), and writes
   it here a few times a second; its lease is longer than any mail may take, and whoever lost it stops.
4. An update that is followed by another one while it is on its way goes to nobody whom it has not reached.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from core import clock
from statuspage import progress
from statuspage.models import (
    Batch,
    Deferred,
    Foretold,
    Mailing,
    Standing,
    Subscriber,
    SubscriberQuerySet,
    Way,
)

# Of the other ways one at a time: one that hangs holds up nobody behind it.
SIZES: Final = {way: 200 if way == Way.EMAIL else 1 for way in Way}
LEASE: Final = timedelta(seconds=30)  # three times what a mail may take
RETRIES: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180))
REACHED: Final = """
UPDATE statuspage_batch
   SET reached = %s, sent = sent + %s, lease_until = clock_timestamp() + interval '30 seconds'
 WHERE id = %s AND token = %s
"""


WITH: Final = ("mailing__update__notice",)
MAILING_WITH: Final = ("update__notice",)


@dataclass(frozen=True)
class Told:
    """Of a subscriber, what a sender needs."""

    pk: int
    key: uuid.UUID
    address: str
    language: str


@dataclass(frozen=True)
class Piece:
    batch: Batch
    token: uuid.UUID  # the batch is ours as long as it has it
    told: list[Told]
    inherited: bool = False  # of somebody who died: the first may have been told


def take(way: Way) -> Piece | None:
    """The next piece of work, now ours; None when there is none."""
    with transaction.atomic():
        piece = _left_behind(way)
    while piece is None:
        with transaction.atomic():  # one for each: whoever waits for a mailing holds none
            mailing = _walking(way)
            if mailing is None:
                return None
            piece = _next(mailing)
    return piece


def _left_behind(way: Way) -> Piece | None:
    due = Batch.objects.filter(way=way, lease_until__lt=Now()).order_by("lease_until")
    batch = due.select_for_update(skip_locked=True, of=("self",)).select_related(*WITH).first()
    if batch is None:
        return None
    if batch.token:  # whoever had it died: of one mail nobody knows whether it was taken
        Mailing.objects.filter(pk=batch.mailing_id).update(unsure=F("unsure") + 1)
        _go_on_from_the_note(batch, batch.token)
    batch.token = token = uuid.uuid4()
    batch.lease_until = clock.database_now() + LEASE
    batch.save(update_fields=["token", "lease_until", "reached", "sent"])
    rows = _wanting(batch.mailing, batch.reached).filter(pk__lte=batch.until)
    return Piece(batch, token, _told(_still_due(batch.mailing, rows)), inherited=True)


def _go_on_from_the_note(batch: Batch, token: uuid.UUID) -> None:
    """It is ahead of the row by what was sent since that was written. Where there is none, the row is what is known."""
    noted = progress.left_by(token)
    if noted and noted[0] > batch.reached:
        batch.reached, batch.sent = noted
    transaction.on_commit(partial(progress.forget, token))


def _still_due(mailing: Mailing, rows: SubscriberQuerySet) -> SubscriberQuerySet:
    """Of what was overtaken: nobody, but those to whom the newer word does not go."""
    if mailing.superseded_at is None:
        return rows
    newer = Mailing.objects.filter(notice=mailing.notice_id, way=mailing.way, pk__gt=mailing.pk)
    if mailing.quiet_after is None or newer.filter(quiet_after=0).exists():
        return rows.none()
    return rows.filter(quiet=True)


def _walking(way: Way) -> Mailing | None:
    walking = Mailing.objects.filter(way=way, walked_at=None).order_by("pk")
    held = walking.select_for_update(of=("self",), no_key=True)
    return held.select_related(*MAILING_WITH).first()


def _next(mailing: Mailing) -> Piece | None:
    """Of a mailing that we hold; None when nobody is left in it."""
    size = SIZES[Way(mailing.way)]
    found = _told(_wanting(mailing, mailing.cursor)[:size])
    reached, now = mailing.cursor, clock.database_now()
    if len(found) < size:
        mailing.walked_at = now
    if not found:
        _close(mailing)
        return None
    mailing.cursor = found[-1].pk
    mailing.save(update_fields=["cursor", "walked_at"])
    token = uuid.uuid4()
    batch = Batch.objects.create(
        mailing=mailing, way=mailing.way, reached=reached, until=mailing.cursor, token=token,
        lease_until=now + LEASE,
    )  # fmt: skip
    return Piece(batch, token, found)


def _wanting(mailing: Mailing, after: int) -> SubscriberQuerySet:
    rows = Subscriber.objects.wanting(mailing.news, at=mailing.at).filter(way=mailing.way)
    heard = Q(quiet=False)
    if mailing.quiet_after is not None:
        heard |= Q(pk__gt=mailing.quiet_after)
    if mailing.foretold:
        told = Foretold.objects.filter(mailing=mailing, subscriber=OuterRef("pk"))
        rows = rows.filter(~Exists(told))
    return rows.filter(heard, pk__gt=after).order_by("pk")


def _told(rows: SubscriberQuerySet) -> list[Told]:
    return [Told(*row) for row in rows.values_list("pk", "key", "address", "language")]


def reached(batch: Batch, pk: int, *, sent: int = 1) -> bool:
    """Whether the batch is still ours."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED, [pk, sent, batch.pk, batch.token])
        return bool(cursor.rowcount)


def defer(batch: Batch, pk: int, *, at: datetime, wait: timedelta | None = None) -> bool:
    with transaction.atomic():
        if not reached(batch, pk, sent=0):
            return False
        Deferred.objects.bulk_create(
            [
                Deferred(
                    mailing=batch.mailing,
                    subscriber_id=pk,
                    way=batch.way,
                    due_at=at + (RETRIES[0] if wait is None else wait),
                )
            ],
            ignore_conflicts=True,
        )
    return True


def fail(batch: Batch, pk: int) -> bool:
    Mailing.objects.filter(pk=batch.mailing_id).update(failed=F("failed") + 1)
    return reached(batch, pk, sent=0)


def finish(batch: Batch) -> None:
    with transaction.atomic():
        mine = Batch.objects.select_for_update().filter(pk=batch.pk, token=batch.token).first()
        if mine:
            mailing = _held(mine.mailing_id)
            mailing.sent += mine.sent
            mine.delete()
            _close(mailing)


def release(batch: Batch, *, wait: timedelta) -> None:
    """Back to whoever comes after so long; it is known how far it is."""
    Batch.objects.filter(pk=batch.pk, token=batch.token).update(
        token=None, lease_until=Now() + wait
    )


def take_deferred(way: Way) -> Deferred | None:
    with transaction.atomic():
        due = Deferred.objects.filter(way=way, due_at__lte=Now()).order_by("due_at")
        with_ = (*WITH, "subscriber")
        one = due.select_for_update(skip_locked=True, of=("self",)).select_related(*with_).first()
        if one:
            one.tries += 1
            one.due_at = clock.database_now() + RETRIES[min(one.tries, len(RETRIES)) - 1]
            one.save(update_fields=["tries", "due_at"])
        return one


def is_wanted(one: Deferred) -> bool:
    """Whoever left meanwhile wants nothing, and what was overtaken nobody."""
    there = Subscriber.objects.filter(pk=one.subscriber_id, standing=Standing.ACTIVE)
    return _still_due(one.mailing, there).exists()


def settle(one: Deferred, *, sent: bool) -> None:
    """It was taken at last, or never will be."""
    with transaction.atomic():
        mailing = _held(one.mailing_id)
        mailing.sent += sent
        mailing.failed += not sent
        one.delete()
        _close(mailing)


def is_last(one: Deferred) -> bool:
    return one.tries > len(RETRIES)


def is_due(way: Way) -> bool:
    return (
        Mailing.objects.filter(way=way, walked_at=None).exists()
        or Batch.objects.filter(way=way, lease_until__lt=Now()).exists()
        or Deferred.objects.filter(way=way, due_at__lte=Now()).exists()
    )


def _held(pk: int) -> Mailing:
    """Locked, so that the last of two sees that it is the last."""
    return Mailing.objects.select_for_update(no_key=True).get(pk=pk)


def _close(mailing: Mailing) -> None:
    """When the walk has ended and nobody has a part of it any more. Written once: to write a row twice in one
    transaction makes PostgreSQL look at its notice, which whoever speaks holds while waiting for this row.
    """
    if mailing.walked_at and not mailing.batches.exists() and not mailing.deferred.exists():
        mailing.done_at = mailing.done_at or clock.database_now()
    mailing.save(update_fields=["walked_at", "sent", "failed", "done_at"])
