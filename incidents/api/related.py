from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents import services
from incidents.api.nested import OfIncident
from incidents.domain.relations import Relation
from incidents.models import Incident, Related, RelationName
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action


class RelatedSerializer(serializers.ModelSerializer[Related]):
    number = serializers.IntegerField(source="other_id", read_only=True)
    title = serializers.CharField(source="other.title", read_only=True)
    severity = serializers.CharField(source="other.severity", read_only=True)
    status = serializers.CharField(source="other.status", read_only=True)
    by = serializers.CharField(source="by.username", default=None, read_only=True)

    class Meta:
        model = Related
        fields = ["relation", "number", "title", "severity", "status", "by", "at"]
        read_only_fields = fields


class NewRelatedSerializer(serializers.Serializer[Related]):
    relation = serializers.ChoiceField(
        choices=RelationName.choices, help_text="what this incident is to the other"
    )
    to = serializers.PrimaryKeyRelatedField(queryset=Incident.objects.all())


class RelatedViewSet(OfIncident, mixins.ListModelMixin, viewsets.GenericViewSet[Related]):
    """Incidents that somebody linked to this one, and what this one is to each."""

    serializer_class = RelatedSerializer
    queryset = Related.objects.select_related("other", "by")
    lookup_field = "other"
    lookup_value_converter = "int"
    needs = {"create": Action.RESPOND, "destroy": Action.RESPOND}

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(incident=self.kwargs.get("number"))

    @once
    @extend_schema(request=NewRelatedSerializer, responses={201: RelatedSerializer})
    def create(self, request: Request, number: int) -> Response:
        """Both sides show it. Said anew it replaces what was said."""
        form = NewRelatedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        to, relation = form.validated_data["to"], Relation(form.validated_data["relation"])
        services.relate(self.incident, to=to, relation=relation, by=person(request), at=clock.now())
        kept = self.get_queryset().get(other=to)
        return Response(RelatedSerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("other", int, OpenApiParameter.PATH)], responses={204: None}
    )
    def destroy(self, request: Request, number: int, other: int) -> Response:
        services.unrelate(self.incident, other, by=person(request), at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
