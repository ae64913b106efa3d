"""The webhooks of an update. An endpoint that hangs holds one of several callers for five seconds, once:
after that it waits in a queue of its own, until it answers or is given up.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce

from core import clock
from integrations import http
from statuspage import endpoints, tokens
from statuspage.documents.api import told
from statuspage.models import LetterName, Mailing, Page, Standing, Subscriber, Way
from statuspage.reading import read
from statuspage.services import fanning_out, posting, subscribing

CALLERS: Final = 8
PATIENT: Final = 4  # for those that failed before
DEAD_AFTER: Final = 10  # failures in a row,
DEAD_FOR: Final = timedelta(hours=1)  # over so long
GONE: Final = 410

_walking = threading.Lock()


def call() -> None:
    """Until nothing is due."""
    if not fanning_out.is_due(Way.WEBHOOK) or not _walking.acquire(blocking=False):
        return
    try:
        with ThreadPoolExecutor(CALLERS + PATIENT, thread_name_prefix="call") as callers:
            walks = [callers.submit(_walk, _first) for _ in range(CALLERS)]
            walks += [callers.submit(_walk, _again) for _ in range(PATIENT)]
            for walk in walks:
                walk.result()
    finally:
        _walking.release()


def _walk(step: Callable[["Caller"], bool]) -> None:
    try:
        caller = Caller()
        while not posting.is_stopping() and step(caller):
            pass
    finally:
        connection.close()


class Caller:
    def __init__(self) -> None:
        self.page = Page.objects.get()
        self._told: dict[int, dict[str, Any]] = {}

    def call(self, mailing: Mailing, one: Subscriber) -> bool:
        """Whether the endpoint took it. What becomes of the endpoint otherwise is written down."""
        leave = tokens.link(self.page.public_url, "unsubscribe", tokens.leaving(one.key))
        message = f"{mailing.update.public_id}-{one.key.hex}"
        body = endpoints.body_of(one, self._of(mailing), leave)
        mine = Subscriber.objects.filter(pk=one.pk)
        try:
            answer = endpoints.post(one, message, body)
        except (http.Forbidden, http.Unreachable) as error:
            return _failed(one, str(error), at=clock.now())
        if answer.status == GONE:
            subscribing.end(mine, at=clock.now(), why="410")
        if not answer.ok:
            return _failed(one, f"HTTP {answer.status}", at=clock.now())
        mine.exclude(failures=0).update(failures=0, failing_since=None)
        return True

    def _of(self, mailing: Mailing) -> dict[str, Any]:
        """As of now: whoever is late hears how it stands."""
        if mailing.pk not in self._told:
            self._told = {mailing.pk: told(read(at=clock.now()), mailing.notice.public_id)}
        return self._told[mailing.pk]


def _first(caller: Caller) -> bool:
    piece = fanning_out.take(Way.WEBHOOK)
    if piece is None:
        return False
    for one in Subscriber.objects.filter(pk__in=[each.pk for each in piece.told]).order_by("pk"):
        taken = one.failures == 0 and caller.call(piece.batch.mailing, one)
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
    row = fanning_out.take_deferred(Way.WEBHOOK)
    if row is None:
        return False
    wanted = row.subscriber.standing == Standing.ACTIVE and fanning_out.is_wanted(row)
    if not wanted:
        fanning_out.settle(row, sent=False)
    elif caller.call(row.mailing, row.subscriber):
        fanning_out.settle(row, sent=True)
    elif fanning_out.is_last(row):
        fanning_out.settle(row, sent=False)
    return True


def _failed(one: Subscriber, words: str, *, at: datetime) -> bool:
    mine = Subscriber.objects.filter(pk=one.pk)
    since = Coalesce("failing_since", at)
    mine.update(failures=F("failures") + 1, failing_since=since)
    dead = mine.filter(failures__gte=DEAD_AFTER, failing_since__lte=at - DEAD_FOR)
    if subscribing.quarantine(dead, words, at=at):  # whoever answers for it is told
        mine.update(letter=LetterName.BROKEN, letter_at=at, letter_due_at=at, letter_tries=0)
    return False
