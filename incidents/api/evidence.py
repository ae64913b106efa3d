from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident
from incidents.models import Evidence
from incidents.views.evidence import as_attachment
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    by = serializers.CharField(source="by.username", default=None, read_only=True)

    class Meta:
        model = Evidence
        fields = ["id", "name", "kind", "size", "sha256", "at", "by", "removed_at"]
        read_only_fields = fields


class NewEvidenceSerializer(serializers.Serializer[Evidence]):
    file = serializers.FileField(allow_empty_file=True, max_length=255)


class EvidenceViewSet(
    OfIncident, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Evidence]
):
    """Files that belong to one incident."""

    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.select_related("by")
    parser_classes = [MultiPartParser]
    lookup_value_converter = "int"
    needs = {"create": Action.RESPOND, "destroy": Action.COMMAND}

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(incident=self.kwargs.get("number"))

    @once
    @extend_schema(request=NewEvidenceSerializer, responses={201: EvidenceSerializer})
    def create(self, request: Request, number: int) -> Response:
        form = NewEvidenceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file, by = form.validated_data["file"], person(request)
        kept = services.attach(self.incident, file.name, file.read(), by=by, at=clock.now())
        return Response(EvidenceSerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, number: int, pk: int) -> HttpResponse:
        return as_attachment(self.get_object())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, number: int, pk: int) -> Response:
        """The content goes for good; the timeline still says that it was there, with its hash."""
        kept = self.get_object()
        services.remove_evidence(self.incident, kept.pk, by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
