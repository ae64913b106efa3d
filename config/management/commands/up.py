"""Shown by `manage.py help`; `manage.py up` itself goes to `config.launch` without loading Django."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from config import launch, options


class Command(BaseCommand):
    help = "Runs everything in the foreground: PostgreSQL, portal, workers, Beat and the sandbox."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        options.add_arguments(parser)

    def handle(self, *_args: object, embedded: bool, sandbox: bool, **_options: object) -> None:
        unwanted = {"--no-embedded": not embedded, "--no-sandbox": not sandbox}
        raise SystemExit(launch.main([flag for flag, given in unwanted.items() if given]))
