from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.severity import CHOICES
from incidents import services
from incidents.api.nested import OfIncident, one
from incidents.models import Incident, SuggestionRule
from teams.api import person
from teams.domain.roles import Action
from teams.models import Service


class DescribedSerializer(serializers.Serializer[SuggestionRule]):
    title = serializers.CharField(max_length=1024)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    services = serializers.SlugRelatedField(
        slug_field="slug", many=True, required=False, queryset=Service.objects.all()
    )
    labels = serializers.DictField(child=serializers.CharField(max_length=1000), required=False)


class SuggestedSerializer(serializers.Serializer[services.Suggested]):
    """All null when no rule fits."""

    severity = serializers.ChoiceField(choices=CHOICES, allow_null=True)
    rule = serializers.CharField(source="rule.name", allow_null=True)
    found = serializers.ListField(child=serializers.CharField())
    agreed = serializers.IntegerField(source="rule.agreed", allow_null=True)
    judged = serializers.IntegerField(source="rule.judged", allow_null=True)


NOTHING: Final[dict[str, Any]] = {
    "severity": None,
    "rule": None,
    "found": [],
    "agreed": None,
    "judged": None,
}


class SuggestionViewSet(viewsets.ViewSet):
    needs = {"create": Action.RESPOND}

    @extend_schema(request=DescribedSerializer, responses={200: SuggestedSerializer})
    def create(self, request: Request) -> Response:
        """Which severity an incident looks like, and why. Nothing is stored: a person decides."""
        form = DescribedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        found = services.suggested_for(**form.validated_data)
        return Response(_shown(found))


class KeptSerializer(serializers.Serializer[Incident]):
    severity = serializers.ChoiceField(choices=CHOICES, help_text="the one it has, as you saw it")


class OpenSuggestionViewSet(OfIncident, viewsets.ViewSet):
    """What one incident looks like, as long as nobody has decided."""

    needs = {"keep": Action.COMMAND}

    @extend_schema(responses=one(SuggestedSerializer))
    def list(self, request: Request, number: int) -> Response:
        return Response(_shown(services.open_suggestion(self.incident)))

    @extend_schema(request=KeptSerializer, responses=SuggestedSerializer)
    @action(detail=False, methods=["post"])
    def keep(self, request: Request, number: int) -> Response:
        """Stay with the severity it has; the rule learns from it. Changing it is the other answer."""
        form = KeptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.keep_severity(
            self.incident, form.validated_data["severity"], by=person(request), at=clock.now()
        )
        self.incident.refresh_from_db()
        return Response(_shown(services.open_suggestion(self.incident)))


def _shown(found: services.Suggested | None) -> dict[str, Any]:
    return dict(SuggestedSerializer(found).data) if found else NOTHING
