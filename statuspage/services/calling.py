"""An update to all who are called one by one: webhooks, and whatever else is in `ways`. An endpoint that hangs
holds one of several callers for five seconds, once: after that it waits in a queue of its own, until it answers
or is given up. Each way has its own callers.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from core import clock
from statuspage.models import (
    LetterName,
    Mailing,
    Page,
    Subscriber,
    SubscriberQuerySet,
    Way,
)
from statuspage.registry import Fault, Untaken, ways
from statuspage.services import fanning_out, posting, subscribing

DEAD_AFTER: Final = 10  # failures in a row,
DEAD_FOR: Final = timedelta(hours=1)  # over so long

_walking: Final[defaultdict[Way, threading.Lock]] = defaultdict(threading.Lock)


def call() -> None:
    """Until nothing is due."""
    called = [way for way in map(Way, ways) if fanning_out.is_due(way)]
    mine = [way for way in called if _walking[way].acquire(blocking=False)]
    try:
        walks = [(way, step) for way in mine for step in _steps(way)]
        with ThreadPoolExecutor(len(walks) or 1, thread_name_prefix="call") as callers:
            for walk in [callers.submit(_walk, way, step) for way, step in walks]:
                walk.result()
    finally:
        for way in mine:
            _walking[way].release()


def _steps(way: Way) -> list[Callable[["Caller"], bool]]:
    reach = ways[way]
    return [*[_first] * reach.callers, *[_again] * reach.patient]


def _walk(way: Way, step: Callable[["Caller"], bool]) -> None:
    try:
        caller = Caller(way)
        while not posting.is_stopping() and step(caller):
            pass
    finally:
        connection.close()


class Caller:
    def __init__(self, way: Way) -> None:
        self.way, self.page = way, Page.objects.get()
        self._reach = type(ways[way])()

    def call(self, mailing: Mailing, one: Subscriber, *, again: bool) -> bool:
        """Whether it was taken. What becomes of the subscriber otherwise is written down."""
        try:
            self._reach.tell(self.page, mailing, one, again=again)
        except Untaken as untaken:
            _failed(one, untaken, at=clock.now())
            return False
        if one.failures:
            Subscriber.objects.filter(pk=one.pk).update(failures=0, failing_since=None)
        return True


def _first(caller: Caller) -> bool:
    piece = fanning_out.take(caller.way)
    if piece is None:
        return False
    mailing, again = piece.batch.mailing, piece.inherited
    for one in Subscriber.objects.filter(pk__in=[each.pk for each in piece.told]).order_by("pk"):
        taken = one.failures == 0 and caller.call(mailing, one, again=again)
        if taken:
            kept = fanning_out.reached(piece.batch, one.pk)
        else:
            wait = None if one.failures == 0 else timedelta(0)
            kept = fanning_out.defer(piece.batch, one.pk, at=clock.now(), wait=wait)
        if not kept:
            return True
    fanning_out.finish(piece.batch)
    return True


def _again(caller: Caller) -> bool:
    row = fanning_out.take_deferred(caller.way)
    if row is None:
        return False
    if not fanning_out.is_wanted(row):
        fanning_out.settle(row, sent=False)
    elif caller.call(row.mailing, row.subscriber, again=True):
        fanning_out.settle(row, sent=True)
    elif fanning_out.is_last(row):
        fanning_out.settle(row, sent=False)
    return True


def _failed(one: Subscriber, untaken: Untaken, *, at: datetime) -> None:
    mine = Subscriber.objects.filter(pk=one.pk)
    if untaken.fault is Fault.GONE:
        subscribing.end(mine, at=at, why=str(untaken))
    elif untaken.fault is Fault.DEAD:
        subscribing.quarantine(mine, str(untaken), at=at)
    elif untaken.fault is Fault.THEIRS:
        _count(mine, str(untaken), at)


def _count(mine: SubscriberQuerySet, words: str, at: datetime) -> None:
    since = Coalesce("failing_since", at)
    mine.update(failures=F("failures") + 1, failing_since=since)
    dead = mine.filter(failures__gte=DEAD_AFTER, failing_since__lte=at - DEAD_FOR)
    if subscribing.quarantine(dead, words, at=at):  # whoever answers for it is told
        mine.update(letter=LetterName.BROKEN, letter_at=at, letter_due_at=at, letter_tries=0)
