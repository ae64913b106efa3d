from typing import Any

from django.core.management.base import BaseCommand

from monitoring.logwatch.running import watch


class Command(BaseCommand):
    help = "Follow the logs, until it is asked to end. One process for a database: others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        watch()
