import sys
from typing import Any

from django.core.management.base import BaseCommand

from incidents.services.auditing import audit_timelines


class Command(BaseCommand):
    help = "Recompute the hash chain of every timeline; exit 1 and name the first event that does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        audited = audit_timelines()
        for incident, event, what in audited.broken:
            self.stderr.write(f"#{incident}: event {event} is {what}")
        self.stdout.write(f"{audited.events} events, {len(audited.broken)} broken timelines")
        if audited.broken:
            sys.exit(1)
