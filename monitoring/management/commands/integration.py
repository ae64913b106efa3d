from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import services
from monitoring.registry import addressed, integration_choices


class Command(BaseCommand):
    help = "Add a sender of alerts or samples: prints the address to post to, and its token on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="add an integration")
        add.add_argument("source", choices=[name for name, _ in integration_choices()])
        add.add_argument("--name", required=True)
        add.add_argument("--signed", action="store_true", help="refuse what is not signed")
        add.add_argument("--topic", default="", help="ARN of the one SNS topic to believe")

    def handle(
        self, *args: Any, source: str, name: str, signed: bool, topic: str, **options: Any
    ) -> None:
        try:
            added, token = services.add_integration(source, name=name, signed=signed, topic=topic)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(addressed(source, settings.BASE_URL, token))
        if signed:
            self.stdout.write(f"signing secret: {added.signing_secret}")
        self.stdout.write(token)
