from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from core import clock
from postmortems.figures.improvement import BEFORE, improvement
from postmortems.figures.models import MONTH
from postmortems.figures.paper import pdf


class Command(BaseCommand):
    help = "Write the improvement report up to now: the last days beside three times as many before them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--days", type=int, choices=sorted(BEFORE), default=MONTH)
        parser.add_argument(
            "--language",
            choices=[code for code, _ in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language: str = options["language"]
        with translation.override(language):
            report = improvement(options["days"], at=clock.now())
            made = pdf(report, language=language)
        options["file"].write_bytes(made)
        self.stdout.write(f"{options['file']}: {len(made):,} bytes")
