"""`status_emergency --mail`: what whoever sits at the terminal is told and asked."""

import os
import sys
import time
from concurrent.futures import FIRST_EXCEPTION, wait
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError

from core import clock
from core.sealed import Unreadable
from statuspage.domain.emergency import Line
from statuspage.domain.snapshot import in_words
from statuspage.kept import Crowd, folder
from statuspage.services.breaking_glass import Away, Round, words
from statuspage.services.words_alone import Word
from statuspage.taking_turns import Busy, turn
from statuspage.tree import Tree

OLD: Final = timedelta(hours=1)
SAID_EVERY: Final = 1.0  # seconds, where somebody looks; in a file every tenth
GO_ON: Final = "To go on where it is: status_emergency --mail"


class Postbox:
    def __init__(self, out: Any, *, sure: bool) -> None:
        self._out, self._sure, self._tree = out, sure, Tree()

    def mail(self, line: Line | None, *, dry_run: bool) -> None:
        """`line`: what was just said; of a rehearsal what would be."""
        crowd = self._crowd()
        if dry_run:
            for word in words(crowd, self._tree, line=line):
                self._counted(word, crowd)
            return
        chosen = self._chosen(crowd)
        if not chosen:
            self._out.write("Nothing waits to be mailed: the database has all that was said.")
            return
        try:
            with turn():
                for word in words(crowd, self._tree):
                    if word.line["id"] in chosen:
                        self._send(word, crowd)
        except Busy:
            raise CommandError(
                "Somebody else mails just now, or the database is there again."
            ) from None

    def _crowd(self) -> Crowd:
        if os.geteuid() != folder().stat().st_uid:
            raise CommandError(
                f"Run it as the user whose {folder()} is: the portal has to read it later."
            )
        try:
            crowd = Crowd()
        except Unreadable as error:
            raise CommandError(f"Nobody can be mailed. {error}") from error
        age = clock.now() - crowd.at
        self._out.write(f"Subscribers as of {crowd.at:%Y-%m-%d %H:%M} UTC, {_ago(age)}.")
        if age > OLD:
            self._out.write(
                "That is old: who left since then is in it, and who came since then is not."
            )
        return crowd

    def _chosen(self, crowd: Crowd) -> set[str]:
        """Counting reads all of the file: a damaged one is found before the first mail."""
        return {
            word.line["id"]
            for word in words(crowd, self._tree)
            if self._counted(word, crowd) and self._is_sure()
        }

    def _counted(self, word: Word, crowd: Crowd) -> int:
        one = Round(word, crowd, self._tree, today=clock.now().date())
        try:
            number = sum(1 for _each in one.due())
        except Unreadable as error:
            raise CommandError(f"Nobody was mailed. {error}") from error
        finally:
            one.close()
        self._out.write(f"{_name(word)}: {_mails(number)} to send{_already(one)}.")
        return number

    def _is_sure(self) -> bool:
        if self._sure:
            return True
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to say yes: --yes says it, --dry-run only counts.")
        return input("Send them now? [y/N] ").strip().lower() in {"y", "yes"}

    def _send(self, word: Word, crowd: Crowd) -> None:
        one = Round(word, crowd, self._tree, today=clock.now().date())
        began = time.monotonic()
        try:
            walks = one.begin()
            while wait(walks, timeout=self._pause, return_when=FIRST_EXCEPTION).not_done:
                self._say(one, began)
            for walk in walks:
                walk.result()
        except Away as error:
            raise CommandError(f"The mail server takes nothing: {error}. {GO_ON}") from error
        finally:
            one.stop()
            wait(walks)
            one.close()
            self._say(one, began)
        if one.is_taken:
            raise CommandError("The database is there again, and mails the rest by itself.")
        if one.count.later:
            self._out.write(f"Some servers said later. {GO_ON}; or the database does it.")

    @property
    def _pause(self) -> float:
        return SAID_EVERY if self._out.isatty() else 10 * SAID_EVERY

    def _say(self, one: Round, began: float) -> None:
        count, seconds = one.count, max(time.monotonic() - began, 0.001)
        self._out.write(
            f"{count.sent:,} sent, {count.refused:,} have no mailbox, {count.later:,} later, "
            f"{one.left_out:,} left; {count.sent / seconds:,.0f} a second",
            ending="\r" if self._out.isatty() else "\n",
        )


def _name(word: Word) -> str:
    said = next(one for one in word.snapshot["notices"] if one["id"] == word.line["notice"])
    return f"{word.line['phase']}, {in_words(said['title'], settings.LANGUAGE_CODE)[0]}"


def _mails(number: int) -> str:
    return "1 mail" if number == 1 else f"{number:,} mails"


def _already(one: Round) -> str:
    parts = [(one.had, "have it"), (one.left_out, "left meanwhile")]
    said = ", ".join(f"{number:,} {what}" for number, what in parts if number)
    return f" ({said})" if said else ""


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"
