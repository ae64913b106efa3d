import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.gamedays import GAMEDAYS
from core import clock
from core.errors import Refused
from integrations.http import Unreachable
from maintenance.services import drilling

ENDS: Final = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    help = "Play a scenario of the manual in the sandbox, while `manage.py up` runs, and tell each step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(GAMEDAYS))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        self.ended = False
        self.told: list[str] = []
        drill, well = drilling.played(name, at=clock.database_now()), False
        try:
            with self._ends_between_two_looks():
                GAMEDAYS[name](self._say, self._between)
            well = True
        except (Refused, Unreachable) as error:
            self.told.append(str(error))
            raise CommandError(str(error)) from error
        finally:
            drilling.finished(drill, self.told, well=well, at=clock.database_now())

    @contextmanager
    def _ends_between_two_looks(self) -> Iterator[None]:
        """A signal, and another one after it, never cuts short what puts everything back as it was."""
        before = {one: signal.signal(one, self._end) for one in ENDS}
        try:
            yield
        finally:
            for one, how in before.items():
                signal.signal(one, how)

    def _end(self, *_given: object) -> None:
        self.ended = True

    def _between(self) -> None:
        sleep(1)
        if self.ended:
            raise CommandError("Ended early; what it had switched on is as before.")

    def _say(self, words: str) -> None:
        self.told.append(words)
        self.stdout.write(words)
        self.stdout.flush()  # as it happens, also into a file
