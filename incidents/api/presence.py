from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident
from teams.api import person
from teams.domain.roles import Action
from teams.models import User


class LookingSerializer(serializers.ModelSerializer[User]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["username", "name"]
        read_only_fields = fields


class PresenceViewSet(OfIncident, viewsets.ViewSet):
    """Who is looking at one incident."""

    needs = {"create": Action.READ}

    @extend_schema(responses=LookingSerializer(many=True))
    def list(self, request: Request, number: int) -> Response:
        return self._looking()

    @extend_schema(request=None, responses={200: LookingSerializer(many=True)})
    def create(self, request: Request, number: int) -> Response:
        """Look: believed for a while, so say it again as long as it is true."""
        services.look(self.incident, by=person(request), at=clock.now())
        return self._looking()

    def _looking(self) -> Response:
        found: Any = services.who_looks(self.incident, at=clock.now())
        return Response(LookingSerializer(found, many=True).data)
