"""The mails of an update, over a few connections at once."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from core import clock
from integrations.smtp import MailUnsent
from integrations.smtp_line import Line, Refused, Stage
from statuspage import composing, envelopes, tokens
from statuspage.composing import Form
from statuspage.models import Deferred, Mailing, Page, Standing, Subscriber, Way
from statuspage.services import fanning_out, subscribing
from statuspage.services.fanning_out import Piece, Told

log = logging.getLogger(__name__)

LINES: Final = 4
PAUSE: Final = timedelta(seconds=20)  # after the server would not talk to us
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
        with connection.cursor() as cursor:
            # A server that fails may forget half a second of progress: mails that carry the same Message-ID.
            cursor.execute("SET synchronous_commit TO off")
        Postman().walk()
    finally:
        connection.close()


class Postman:
    def __init__(self) -> None:
        self.line = Line()
        self.page = Page.objects.get()
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
        try:
            for one in piece.told:
                if _stopping.is_set():
                    break
                self._tell(piece, one)
            else:
                fanning_out.finish(piece.batch)
                return True
        except Lost:
            return True
        except (MailUnsent, Refused) as error:
            log.warning("the mail server takes nothing: %s", error)
            fanning_out.release(piece.batch, wait=PAUSE)
            return False
        fanning_out.release(piece.batch, wait=timedelta(0))
        return False

    def _tell(self, piece: Piece, one: Told) -> None:
        batch = piece.batch
        try:
            self._send(batch.mailing, one)
        except Refused as refused:
            if not refused.of_recipient:
                raise
            if refused.code < 500:
                kept = fanning_out.defer(batch, one.pk, at=clock.now())
            else:
                _refused(one.pk, refused)
                kept = fanning_out.fail(batch, one.pk)
        else:
            kept = fanning_out.reached(batch, one.pk)
        if not kept:
            raise Lost

    def _deferred(self) -> bool:
        row = fanning_out.take_deferred(Way.EMAIL)
        if row is None:
            return False
        one = row.subscriber
        if one.standing != Standing.ACTIVE or not fanning_out.is_wanted(row):
            fanning_out.settle(row, sent=False)
            return True
        try:
            self._send(row.mailing, Told(one.pk, one.key, one.address, one.language))
        except (MailUnsent, Refused) as error:
            return _tried(row, error)
        fanning_out.settle(row, sent=True)
        return True

    def _send(self, mailing: Mailing, one: Told) -> None:
        link = tokens.link(self.page.public_url, "unsubscribe", tokens.leaving(one.key))
        data = self._form(mailing, one.language).filled(one.address, link)
        self.line.carry(envelopes.sender(one.pk, self.today), one.address, data)

    def _form(self, mailing: Mailing, language: str) -> Form:
        place = (mailing.pk, language)
        if place not in self._forms:
            if len(self._forms) >= FORMS:
                self._forms.clear()
            self._forms[place] = composing.form_of(mailing, self.page, language)
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
