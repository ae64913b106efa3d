"""The mails of an update, over a few connections at once."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import zip_longest
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core import clock
from integrations.smtp import MailUnsent
from integrations.smtp_line import Envelope, Line, Refused, Stage
from statuspage import composing, envelopes, tokens
from statuspage.composing import Form
from statuspage.models import Batch, Deferred, Mailing, Page, Subscriber, Way
from statuspage.progress import Note, forget
from statuspage.services import fanning_out, subscribing
from statuspage.services.fanning_out import Piece, Told

log = logging.getLogger(__name__)

LINES: Final = 4
PAUSE: Final = timedelta(seconds=20)  # after the server would not talk to us
WRITTEN_EVERY: Final = 0.25  # seconds, into the row
FORMS: Final = 16  # kept: languages times mailings at once

_walking = threading.Lock()
_stopping = threading.Event()


class Lost(Exception):
    """Somebody else has the batch now."""


def post() -> None:
    """Until nothing is due. One walk a process: its connections are its share of the mail server."""
    if not fanning_out.is_due(Way.EMAIL) or not _walking.acquire(blocking=False):
        return
    try:
        with ThreadPoolExecutor(LINES, thread_name_prefix="post") as lines:
            for walk in [lines.submit(_walk) for _ in range(LINES)]:
                walk.result()
    finally:
        _walking.release()


def stop() -> None:
    _stopping.set()


def is_stopping() -> bool:
    return _stopping.is_set()


def _walk() -> None:
    try:
        Postman().walk()
    finally:
        connection.close()


class Progress:
    """Noted after each mail, before the next; in the row now and then, for those who see no note of ours."""

    def __init__(self, batch: Batch, token: UUID) -> None:
        self.batch, self.token, self._note = batch, token, Note(token)
        self._reached, self._unwritten, self._written = batch.reached, 0, time.monotonic()

    def sent(self, pk: int) -> None:
        self._reached, self._unwritten = pk, self._unwritten + 1
        self._note.write(pk, self.batch.sent + self._unwritten)
        if time.monotonic() - self._written > WRITTEN_EVERY:
            self.write()

    def passed_over(self, pk: int) -> None:
        """The row says so already."""
        self._reached = pk

    def write(self) -> None:
        """Raises Lost."""
        if not fanning_out.reached(self.batch, self._reached, sent=self._unwritten):
            raise Lost
        self.batch.sent += self._unwritten
        self._unwritten, self._written = 0, time.monotonic()

    def close(self) -> None:
        self._note.close()


class Postman:
    def __init__(self) -> None:
        self.line = Line()
        self.page = Page.objects.get()
        self.url = self.page.public_url
        self.today = timezone.now().date()
        self._forms: dict[tuple[int, str], Form] = {}

    def walk(self) -> None:
        try:
            while not _stopping.is_set() and (self._deferred() or self._next()):
                pass
        finally:
            self.line.close()

    def _next(self) -> bool:
        """False: nothing is due, or the server is not to be talked to."""
        if (piece := fanning_out.take(Way.EMAIL)) is None:
            return False
        progress = Progress(piece.batch, piece.token)
        try:
            wait = self._tell_all(piece, progress)
            progress.write()
        except Lost:
            forget(piece.token)
            return True
        finally:
            progress.close()
        forget(piece.token)
        if wait is None:
            fanning_out.finish(piece.batch)
            return True
        fanning_out.release(piece.batch, wait=wait)
        return False

    def _tell_all(self, piece: Piece, progress: Progress) -> timedelta | None:
        """None: all of them. Otherwise when the rest is to be taken up again."""
        try:
            for one, following in zip_longest(piece.told, piece.told[1:]):
                if _stopping.is_set():
                    return timedelta(0)
                self._tell(piece.batch, progress, one, following)
        except (MailUnsent, Refused) as error:
            log.warning("the mail server takes nothing: %s", error)
            return PAUSE
        return None

    def _tell(
        self, batch: Batch, progress: Progress, one: Told, following: Told | None = None
    ) -> None:
        try:
            self._send(batch.mailing, one, following)
        except Refused as refused:
            if not refused.of_recipient:
                raise
            progress.write()
            if refused.code < 500:
                kept = fanning_out.defer(batch, one.pk, at=clock.now())
            else:
                _refused(one.pk, refused)
                kept = fanning_out.fail(batch, one.pk)
            if not kept:
                raise Lost from refused
            progress.passed_over(one.pk)
        else:
            progress.sent(one.pk)

    def _deferred(self) -> bool:
        row = fanning_out.take_deferred(Way.EMAIL)
        if row is None:
            return False
        one = row.subscriber
        if not fanning_out.is_wanted(row):
            fanning_out.settle(row, sent=False)
            return True
        try:
            self._send(row.mailing, Told(one.pk, one.key, one.address, one.language))
        except (MailUnsent, Refused) as error:
            return _tried(row, error)
        fanning_out.settle(row, sent=True)
        return True

    def _send(self, mailing: Mailing, one: Told, following: Told | None = None) -> None:
        link = tokens.link(self.url, "unsubscribe", tokens.leaving(one.key))
        data = self._form(mailing, one.language).filled(one.address, link)
        then = self._envelope(following) if following else None
        self.line.carry(self._envelope(one), data, then=then)

    def _envelope(self, one: Told) -> Envelope:
        return Envelope(envelopes.sender(one.pk, self.today), one.address)

    def _form(self, mailing: Mailing, language: str) -> Form:
        place = (mailing.pk, language)
        if place not in self._forms:
            if len(self._forms) >= FORMS:
                self._forms.clear()
            first = composing.first_of(mailing.notice)
            self._forms[place] = composing.form_of(mailing.update, self.page, language, first=first)
        return self._forms[place]


def _tried(row: Deferred, error: Exception) -> bool:
    """Whether the server is to be talked to: it comes back later, unless the word is final."""
    if not (isinstance(error, Refused) and error.of_recipient):
        return False
    if error.code >= 500:
        _refused(row.subscriber_id, error)
    if error.code >= 500 or fanning_out.is_last(row):
        fanning_out.settle(row, sent=False)
    return True


def _refused(pk: int, refused: Refused) -> None:
    """There is no such mailbox. A refusal of what we wrote says nothing of whoever it was for."""
    if refused.stage is Stage.RECIPIENT:
        row = Subscriber.objects.filter(pk=pk)
        subscribing.quarantine(row, str(refused), at=clock.now())
