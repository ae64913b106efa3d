from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.gamedays import GAMEDAYS
from core.errors import Refused
from integrations.http import Unreachable


class Command(BaseCommand):
    help = "Play a scenario of the manual in the sandbox, while `manage.py up` runs, and tell each step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(GAMEDAYS))

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            GAMEDAYS[name](self._say, lambda: sleep(1))
        except (Refused, Unreachable) as error:
            raise CommandError(str(error)) from error

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()  # as it happens, also into a file
