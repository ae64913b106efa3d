from typing import Any, Final

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.severity import CHOICES
from incidents import services
from incidents.models import SuggestionRule
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
        return Response(SuggestedSerializer(found).data if found else NOTHING)
