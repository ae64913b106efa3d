"""Making what was asked for. A row is held by a time and not by a lock: nobody who asks meanwhile is kept waiting."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.printing.asked import AskedQuerySet, Row
from core.printing.printer import Told

log = logging.getLogger(__name__)

HOLD: Final = timedelta(seconds=30)  # renewed with the pages, but not by a worker that was killed
TELL: Final = 0.5  # seconds between two notes of how far it is
MOST_TRIES: Final = 3  # a document that ends its worker thrice is not tried a fourth time


@dataclass(frozen=True)
class Queue(Generic[Row]):
    rows: Callable[[], AskedQuerySet[Row]]  # with all that making one needs
    make: Callable[[Row, Told], bytes]
    language: Callable[[Row], str]  # in which it is said what hinders it
    kept: Callable[[Row], None] = lambda _row: None

    def make_due(self) -> int:
        """All of them, one after the other."""
        made = 0
        while row := self.claimed():
            self._print(row)
            made += 1
        return made

    def claimed(self) -> Row | None:
        at = clock.database_now()
        with transaction.atomic():
            due = self.rows().due(at).select_for_update(skip_locked=True, of=("self",))
            row = due.first()
            if row is None:
                return None
            row.held_until, row.tries, row.pages = at + HOLD, row.tries + 1, 0
            row.save(update_fields=["held_until", "tries", "pages"])
        return row

    def _print(self, row: Row) -> None:
        """What hinders it is said to whoever waits, and to the log."""
        with translation.override(self.language(row)):
            try:
                self._keep(row, self._made(row))
            except Refused as refused:
                log.error("%s could not be made: %s", row, refused)
                self._note(row, error=str(refused), held_until=None)
            except Exception as error:
                log.exception("%s could not be made", row)
                said = _("The PDF could not be made: %(error)s") % {"error": error}
                self._note(row, error=said, held_until=None)

    def _made(self, row: Row) -> bytes:
        if row.tries > MOST_TRIES:
            raise Refused(_("The worker died over this document, three times."))
        return self.make(row, self._progress_of(row))

    def _progress_of(self, row: Row) -> Told:
        """Notes each page, and holds the row on; not more often than a person looks."""
        last = 0.0

        def told(page: int) -> None:
            nonlocal last
            if time.monotonic() - last > TELL:
                last = time.monotonic()
                self._note(row, pages=page, held_until=clock.database_now() + HOLD)

        return told

    def _keep(self, row: Row, pdf: bytes) -> None:
        self._note(row, pdf=pdf, made_at=clock.now(), held_until=None)
        self.kept(row)

    def _note(self, row: Row, **said: object) -> None:
        self.rows().filter(pk=row.pk).update(**said)
