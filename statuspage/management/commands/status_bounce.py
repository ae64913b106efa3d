"""For the mail server: a mail that came to an envelope address of ours, on standard input."""

import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from core import clock
from statuspage.services import bouncing

LONGEST: Final = 1024 * 1024  # bytes; a report begins with what it says


class Command(BaseCommand):
    help = str(_("Read from standard input a mail that came back from a subscriber."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", default="", help="the address it came to, as the envelope has it"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(LONGEST)
        self.stdout.write(bouncing.take_back(content, at=clock.now(), to=options["to"]))
