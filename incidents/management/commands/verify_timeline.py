import sys
from typing import Any

from django.core.management.base import BaseCommand

from incidents.domain.chain import first_break
from incidents.models import Incident


class Command(BaseCommand):
    help = "Recompute the hash chain of every timeline; exit 1 and name the first event that does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = events = 0
        incidents = Incident.objects.order_by("pk").prefetch_related("timeline")
        for incident in incidents.iterator(chunk_size=500):
            links = [(event.link, event.hash) for event in incident.timeline.all()]
            events += len(links)
            found = first_break(links, length=incident.timeline_length, head=incident.timeline_head)
            if found:
                broken += 1
                self.stderr.write(f"#{incident.pk}: event {found[0]} is {found[1]}")
        self.stdout.write(f"{events} events, {broken} broken timelines")
        if broken:
            sys.exit(1)
