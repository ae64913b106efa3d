"""Take over the history of another page that speaks Statuspage's public API."""

import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from integrations.http import Forbidden, Unreachable, call
from statuspage.domain.exported import Exported, of_csv, of_json
from statuspage.services.importing import take_over
from statuspage.services.importing_subscribers import take_over_subscribers

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
        parser.add_argument(
            "--subscribers", default="", metavar="FILE",
            help="its subscribers as well: a list from its API (.json), or its export (.csv)",
        )  # fmt: skip
        said_yes = parser.add_mutually_exclusive_group()
        said_yes.add_argument(
            "--ask", action="store_true", default=None,
            help="each gets a letter, and only who presses in it is told (phones cannot be asked)",
        )  # fmt: skip
        said_yes.add_argument(
            "--confirmed", action="store_true", default=None,
            help="they said yes there, you may write to them, and they are told from the next update on",
        )  # fmt: skip

    def handle(self, *, source: str, language: str, **options: Any) -> None:
        file, confirmed = options["subscribers"], options["confirmed"]
        if file and not (confirmed or options["ask"]):
            raise CommandError("Did they say yes there? Add --ask or --confirmed.")
        said = _fetched(source) if source.startswith(("http://", "https://")) else _read(source)
        try:
            taken = take_over(said, language=language, at=clock.now())
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError(f"That is not what Statuspage's API says: {error!r}") from error
        self.stdout.write(
            f"{taken.notices} notices and {taken.components} components taken over; "
            f"{taken.known} notices were here already, {taken.open} go on and stay there."
        )
        if file:
            names = {str(one["id"]): str(one["name"]) for one in said.get("components", ())}
            self._subscribers(file, names, confirmed=bool(confirmed), language=language)

    def _subscribers(
        self, file: str, names: dict[str, str], *, confirmed: bool, language: str
    ) -> None:
        try:
            rows = _exported(file)
        except (AttributeError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} holds no subscribers: {error!r}") from error
        found = take_over_subscribers(
            rows, names, confirmed=confirmed, language=language, at=clock.now()
        )
        what = "told from the next update on" if confirmed else "asked by a letter"
        self.stdout.write(
            f"{found.taken} subscribers taken over, {what}; {found.known} were here already. Left there: "
            f"{found.lost} that could not be reached, {found.strange} of components that are not here, "
            f"{found.unusable} whose address or way is not for here."
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


def _exported(file: str) -> list[Exported]:
    if not file.endswith(".csv"):
        return list(of_json(_read(file)))
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as lines:
            return list(of_csv(lines))
    except OSError as error:
        raise CommandError(f"{file}: {error}") from error


def _read(file: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(Path(file).read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}") from error
    return found
