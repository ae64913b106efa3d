"""Whether the past of every incident is as it was written."""

from dataclasses import dataclass, field

from incidents.domain.chain import first_break
from incidents.models import Incident


@dataclass
class Audited:
    timelines: int = 0
    events: int = 0
    broken: list[tuple[int, int, str]] = field(default_factory=list)  # incident, event, what it is


def audit_timelines() -> Audited:
    """Every hash anew, from the first event of each to its end."""
    audited = Audited()
    incidents = Incident.objects.order_by("pk").prefetch_related("timeline")
    for incident in incidents.iterator(chunk_size=500):
        links = [(event.link, event.hash) for event in incident.timeline.all()]
        audited.timelines += 1
        audited.events += len(links)
        found = first_break(links, length=incident.timeline_length, head=incident.timeline_head)
        if found:
            audited.broken.append((incident.pk, *found))
    return audited
