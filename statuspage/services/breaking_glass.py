"""The last word by mail while there is no database, by a command that may be killed and started again.

Whoever is told was kept in time (`statuspage.kept`), to whom it went is noted after each mail, before the next
(`statuspage.sent`). SMTP cannot be asked whether a mail was taken: of a command that is killed, at most one mail a
connection goes a second time, with the Message-ID of the first.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final
from uuid import UUID

from integrations.smtp import MailUnsent
from integrations.smtp_line import Envelope, Line, Refused, Stage
from statuspage import envelopes, taking_turns, tokens
from statuspage.composing import Form
from statuspage.domain import emergency
from statuspage.kept import Crowd, Kept
from statuspage.sent import Sent
from statuspage.services.emergency import JOURNAL, as_told, waiting
from statuspage.services.words_alone import Word
from statuspage.spool import Spool
from statuspage.tree import Tree

LINES: Final = 4
A_BATCH: Final = 50
TRIES: Final = 5  # one after another, of a server that does not talk to us
PAUSE: Final = 2.0  # seconds, between them


class Away(Exception):
    """The mail server takes nothing; the text says why."""


@dataclass
class Count:
    sent: int = 0
    later: int = 0  # their server said so, or did not take what we wrote
    refused: int = 0  # it knows no such mailbox


def words(crowd: Crowd, tree: Tree, *, line: emergency.Line | None = None) -> list[Word]:
    """What goes out: of each notice the last word that the tables do not know. `line`: only this one."""
    lines, snapshot = waiting(tree), as_told(tree)
    if line and not emergency.heard(snapshot, line):
        emergency.said(snapshot, line)  # rehearsed, and not on the page
    last = [line] if line else emergency.last_words(lines)
    return [Word(snapshot, lines, one, crowd.places) for one in last]


class Leavers:
    """Who pressed *unsubscribe* while there was no database, also in this minute."""

    def __init__(self) -> None:
        self._root = Spool().root
        self._stamp, self._names = 0, dict[str, UUID | None]()
        self._keys = frozenset[UUID | None]()

    def __contains__(self, key: UUID) -> bool:
        stamp = self._root.stat().st_mtime_ns if self._root.exists() else 0
        if stamp != self._stamp:
            self._stamp = stamp
            self._names = {**self._names, **dict(Spool(self._root).leaving(known=self._names))}
            self._keys = frozenset(self._names.values())
        return key in self._keys


class Round:
    """One word to all who want it and have not had it."""

    def __init__(self, word: Word, crowd: Crowd, tree: Tree, *, today: date) -> None:
        self.word, self.count, self.left_out = word, Count(), 0
        self._crowd, self._leavers = crowd, Leavers()
        self._sent, self._today = Sent(word.line["id"]), today
        self._journal = tree.root / JOURNAL
        self._as_it_was = self._stamp()
        self._over, self._taking = threading.Event(), threading.Lock()
        self._counting = threading.Lock()
        self._forms: dict[str, Form] = {}

    def due(self) -> Iterator[Kept]:
        for one in self._crowd:
            if self._sent.has(one.pk) or not self.word.reaches(one):
                continue
            if one.key in self._leavers:
                self.left_out += 1
            else:
                yield one

    def begin(self) -> list[Future[None]]:
        """The walks of all connections; each raises what ended it."""
        self.left_out, self._due = 0, self.due()
        pool = ThreadPoolExecutor(LINES, thread_name_prefix="post")
        walks = [pool.submit(self._walk) for _ in range(LINES)]
        pool.shutdown(wait=False)
        return walks

    @property
    def had(self) -> int:
        return self._sent.before

    def stop(self) -> None:
        self._over.set()

    def close(self) -> None:
        self._sent.close()

    @property
    def is_taken(self) -> bool:
        """The database is there again, and tells the rest."""
        return taking_turns.is_to_stop() or self._stamp() != self._as_it_was

    def _stamp(self) -> tuple[int, int]:
        if not self._journal.exists():
            return 0, 0
        found = self._journal.stat()
        return found.st_ino, found.st_mtime_ns

    def _walk(self) -> None:
        wire = Line()
        try:
            while not self._is_over() and (batch := self._batch()):
                self._tell_all(wire, batch)
        except BaseException:
            self.stop()
            raise
        finally:
            wire.close()

    def _batch(self) -> list[Kept]:
        with self._taking:
            return list(islice(self._due, A_BATCH))

    def _tell_all(self, wire: Line, batch: list[Kept]) -> None:
        tries = 0
        while batch and not self._is_over():
            try:
                self._tell(wire, *batch[:2])
            except (MailUnsent, Refused) as error:
                tries += 1
                if tries >= TRIES:
                    raise Away(str(error)) from error
                self._over.wait(PAUSE)
            else:
                batch, tries = batch[1:], 0

    def _tell(self, wire: Line, one: Kept, following: Kept | None = None) -> None:
        """Raises MailUnsent or Refused of all, not of one."""
        if one.key in self._leavers:
            self.left_out += 1
            return
        then = self._envelope(following) if following else None
        try:
            wire.carry(self._envelope(one), self._mail(one), then=then)
        except Refused as refused:
            if not refused.of_recipient:
                raise
            self._refused(one, refused)
        else:
            self._sent.add(one.pk)
            self._note(sent=1)

    def _refused(self, one: Kept, refused: Refused) -> None:
        if refused.code >= 500 and refused.stage is Stage.RECIPIENT:
            self._sent.add(one.pk, refused=True)
            self._note(refused=1)
        else:
            self._note(later=1)

    def _note(self, *, sent: int = 0, later: int = 0, refused: int = 0) -> None:
        with self._counting:
            self.count.sent += sent
            self.count.later += later
            self.count.refused += refused

    def _mail(self, one: Kept) -> bytes:
        if one.language not in self._forms:
            self._forms[one.language] = self.word.form(one.language)
        link = tokens.link(self.word.page.public_url, "unsubscribe", tokens.leaving(one.key))
        return self._forms[one.language].filled(one.address, link)

    def _envelope(self, one: Kept) -> Envelope:
        return Envelope(envelopes.sender(one.pk, self._today), one.address)

    def _is_over(self) -> bool:
        return self._over.is_set() or self.is_taken
