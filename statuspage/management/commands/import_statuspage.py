"""Take over the history of another page that speaks Statuspage's public API."""

import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from integrations.http import Forbidden, Unreachable, call
from statuspage.services.importing import take_over

DOCUMENTS: Final = ("components", "incidents", "scheduled-maintenances")
LIMIT: Final = 32 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Takes over components and what is over; told to nobody, and once however often it is run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument(
            "source",
            help="https://status.example.com, or a file with components, incidents, scheduled_maintenances",
        )
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *, source: str, language: str, **_: Any) -> None:
        said = _fetched(source) if source.startswith(("http://", "https://")) else _read(source)
        try:
            taken = take_over(said, language=language, at=clock.now())
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError(f"That is not what Statuspage's API says: {error!r}") from error
        self.stdout.write(
            f"{taken.notices} notices and {taken.components} components taken over; "
            f"{taken.known} notices were here already, {taken.open} go on and stay there."
        )


def _fetched(page: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in DOCUMENTS:
        url = f"{page.rstrip('/')}/api/v2/{name}.json"
        try:
            answer = call("GET", url, seconds=30, trusted=True, limit=LIMIT)
        except (Forbidden, Unreachable) as error:
            raise CommandError(f"{url}: {error}") from error
        if not answer.ok:
            raise CommandError(f"{url}: {answer.status}")
        found |= json.loads(answer.body)
    return found


def _read(file: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(Path(file).read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}") from error
    return found
