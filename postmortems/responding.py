"""Who was paged and answered, and how long each stage took: read from the record, never written down twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from incidents.models import Incident, SeverityPolicy
from incidents.services.joining import attendance_of
from notifications.models import Delivery
from notifications.queries import pages_about
from postmortems.domain.response import Stage, Times, stages


@dataclass(frozen=True)
class Paged:
    name: str
    channels: tuple[str, ...]
    after: timedelta | None  # until they did something; None where they did nothing


@dataclass(frozen=True)
class Response:
    stages: list[Stage]
    people: list[Paged]

    @property
    def answered(self) -> int:
        return sum(one.after is not None for one in self.people)


def response(incident: Incident) -> Response:
    pages = pages_about(incident.topic)
    attended = attendance_of(incident, pages)
    policy = SeverityPolicy.objects.filter(severity=incident.severity).first()
    joined = [member.joined_at for member in attended.members if member.joined_at]
    times = Times(
        began=incident.started_at,
        detected=incident.detected_at,
        paged=attended.assembled_at,
        acknowledged=incident.acknowledged_at,
        # Mobilised: everybody who came after being paged was there.
        mobilised=max(joined, default=None),
        mitigated=incident.mitigated_at,
        resolved=incident.resolved_at,
        respond_within=policy.respond_within if policy else None,
        resolve_within=incident.resolve_by - incident.detected_at,
        breached=incident.response_breached,
    )
    people = [
        Paged(_name(pages, member.person), _ways(pages, member.person), member.took)
        for member in attended.members
    ]
    return Response(stages(times), people)


def _name(pages: Sequence[Delivery], person: int) -> str:
    return next(page.recipient_name for page in pages if page.recipient_id == person)


def _ways(pages: Sequence[Delivery], person: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(page.channel for page in pages if page.recipient_id == person))
