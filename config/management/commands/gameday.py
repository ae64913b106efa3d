import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.gamedays import GAMEDAYS, PUT_BACK
from core import clock
from core.errors import Refused
from integrations.http import Unreachable
from maintenance.models import Drill, DrillState, Scenario
from maintenance.services import playing

ENDS: Final = (signal.SIGINT, signal.SIGTERM)


class Stopped(CommandError):
    """Because somebody wanted it."""


class Command(BaseCommand):
    help = "Play a scenario of the manual in the sandbox, while `manage.py up` runs, and tell each step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", choices=sorted(GAMEDAYS))
        parser.add_argument(
            "--asked", action="store_true",
            help="Play what somebody asked for on the page of drills, and end with who started this.",
        )  # fmt: skip

    def handle(
        self, *args: Any, name: str | None = None, asked: bool = False, **options: Any
    ) -> None:
        if not asked and name is None:
            raise CommandError(_which())
        self.ended, self.left, self.told = False, False, list[str]()
        try:
            with self._ends_between_two_looks(), playing.alone():
                self._put_back_what_was_cut_short()
                if asked:
                    self._play_asked()
                elif name:
                    playing.only_the_sandbox()
                    self._play(playing.due(name, at=clock.database_now()))
        except (Refused, Unreachable) as error:
            raise CommandError(str(error)) from error

    def _play_asked(self) -> None:
        threading.Thread(target=self._end_with_who_started_us, daemon=True).start()
        if found := Drill.objects.asked().first():
            self._play(found)

    def _play(self, drill: Drill) -> None:
        """Raises Refused, Unreachable or CommandError; the drill has kept why."""
        self.drill, state = playing.begun(drill, at=clock.database_now()), DrillState.FAILED
        try:
            GAMEDAYS[drill.scenario](self._say, self._between)
            state = DrillState.DONE
        except Stopped:
            state = DrillState.OFF
            self.told.append(playing.STOPPED)
            raise
        except Exception as error:
            self.told.append(str(error) or type(error).__name__)
            raise
        finally:
            playing.finished(drill, self.told, state, at=clock.database_now())

    def _put_back_what_was_cut_short(self) -> None:
        for drill in Drill.objects.playing():
            if put_back := PUT_BACK.get(drill.scenario):
                put_back()
            playing.cut_short(drill, at=clock.database_now())

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

    def _end_with_who_started_us(self) -> None:
        """Not by `sys.stdin`, whose lock this thread would hold when the process wants to end."""
        os.read(0, 1)
        self.left = True

    def _between(self) -> None:
        sleep(1)
        if self.left:
            raise CommandError(playing.CUT)
        if self.ended or playing.is_to_stop(self.drill):
            raise Stopped(_("It was ended early. What it had broken is put back."))

    def _say(self, words: str) -> None:
        self.told.append(words)
        playing.told(self.drill, self.told)
        self.stdout.write(words)
        self.stdout.flush()  # as it happens, also into a file


def _which() -> str:
    lines = [f"  {name:<22}{Scenario(name).label}" for name in sorted(GAMEDAYS)]
    return "\n".join([str(_("Say which one is to be played:")), *lines])
