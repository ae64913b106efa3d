from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import statsd

USUAL = 8125


class Command(BaseCommand):
    help = "Take measurements of StatsD's clients over UDP and TCP, until it is told to end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.STATSD_HOST)
        parser.add_argument("--port", type=int, default=settings.STATSD_PORT or USUAL)
        parser.add_argument("--every", type=float, default=10.0, help="seconds that become one")

    def handle(self, *args: Any, host: str, port: int, every: float, **options: Any) -> None:
        try:
            statsd.run(host, port, every=every)
        except OSError as error:
            raise CommandError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
