from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident, one
from incidents.domain.roles import missing
from incidents.models import Assembly, Incident, RoleName, SeverityPolicy
from notifications.queries import pages_about
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class TeamSerializer(serializers.Serializer[Any]):
    """Times in seconds from when each person was told; null as long as nobody has come."""

    assembled_at = serializers.DateTimeField(allow_null=True)
    told = serializers.IntegerField()
    joined = serializers.IntegerField()
    first_after = serializers.FloatField(allow_null=True)
    last_after = serializers.FloatField(allow_null=True)
    channel = serializers.CharField(allow_blank=True, help_text="in Slack, once it is open")
    missing_roles = serializers.ListField(
        child=serializers.ChoiceField(choices=RoleName.choices),
        help_text="that the severity asks for, and nobody has",
    )


class TeamViewSet(OfIncident, viewsets.ViewSet):
    """Who was told, how many came, and where they meet."""

    needs = {"create": Action.COMMAND, "join": Action.RESPOND}

    @extend_schema(responses=one(TeamSerializer))
    def list(self, request: Request, number: int) -> Response:
        return Response(_told(self.incident))

    @once
    @extend_schema(request=None, responses={200: TeamSerializer})
    def create(self, request: Request, number: int) -> Response:
        """Call the team together: whoever was not paged yet is, and a channel is opened."""
        services.assemble(self.incident, by=person(request), at=clock.now())
        return Response(_told(self.incident))

    @extend_schema(request=None, responses=TeamSerializer)
    @action(detail=False, methods=["post"])
    def join(self, request: Request, number: int) -> Response:
        """You are on it, though you have done nothing yet. Said again, it changes nothing."""
        services.join(self.incident, by=person(request), at=clock.now())
        return Response(_told(self.incident))


def _told(incident: Incident) -> dict[str, Any]:
    found = services.attendance_of(incident, pages_about(incident.topic))
    asked = Assembly.objects.filter(incident=incident, opened_at__isnull=False).first()
    spans = {"first_after": found.first_after, "last_after": found.last_after}
    facts = {
        "assembled_at": found.assembled_at,
        "told": len(found.members),
        "joined": found.joined,
        "channel": asked.name if asked else "",
        "missing_roles": _missing(incident),
    } | {name: None if span is None else span.total_seconds() for name, span in spans.items()}
    return dict(TeamSerializer(facts).data)


def _missing(incident: Incident) -> list[str]:
    policy = SeverityPolicy.objects.filter(severity=incident.severity).first()
    held = set(incident.roles.now().values_list("role", flat=True))
    return [role.value for role in missing(policy.required_roles if policy else [], held)]
