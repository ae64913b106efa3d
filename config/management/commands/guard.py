from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from config import guard
from config.guarding import addresses


class Command(BaseCommand):
    help = "Watches the portal from outside it, and tells people when it can page nobody."
    requires_system_checks = []  # it must run when the rest cannot

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.BASE_URL, help="the portal's address")

    def handle(self, *, url: str, **_options: object) -> None:
        try:
            people = addresses(settings.GUARD_TO)
        except ValueError as error:
            raise CommandError(f"BONGSU_GUARD_TO: {error}") from error
        if not people and not settings.GUARD_PING_URL:
            raise CommandError("Set BONGSU_GUARD_TO, BONGSU_GUARD_PING_URL or both.")
        translation.activate(settings.LANGUAGE_CODE)
        rounds = guard.Round(
            url.rstrip("/"), settings.GUARD_PING_URL, people, settings.GUARD_PATIENCE
        )
        guard.run(rounds)
