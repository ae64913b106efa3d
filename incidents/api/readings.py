"""What the room shows beside the timeline: who was paged, what was changed, who was told."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from incidents.api.nested import OfIncident
from incidents.screens.room.changes import changes
from incidents.screens.room.stakeholders import stakeholders
from monitoring.models import Change
from notifications.domain.receipts import Stage
from notifications.models import Delivery
from notifications.queries import pages


class PageSerializer(serializers.ModelSerializer[Delivery]):
    username = serializers.CharField(
        source="recipient.username", default=None, read_only=True, help_text="null: a machine"
    )
    name = serializers.CharField(source="recipient_name", read_only=True)
    stage = serializers.ChoiceField(choices=[stage.value for stage in Stage], read_only=True)
    stage_since = serializers.DateTimeField(read_only=True, allow_null=True)
    why = serializers.SerializerMethodField(help_text="it did not arrive")

    class Meta:
        model = Delivery
        fields = [
            "id", "username", "name", "channel", "step", "created_at", "due_at", "stage",
            "stage_since", "why",
        ]  # fmt: skip
        read_only_fields = fields

    def get_why(self, page: Delivery) -> str:
        return page.error if page.stage == Stage.FAILED else ""


class PageViewSet(OfIncident, mixins.ListModelMixin, viewsets.GenericViewSet[Delivery]):
    """Who was paged about one incident, by which channel, and how far each page has come."""

    serializer_class = PageSerializer
    queryset = Delivery.objects.none()

    def get_queryset(self) -> Any:
        if not hasattr(self, "incident"):  # where only the description is asked for
            return self.queryset
        return pages(self.incident.topic).select_related("recipient")


class ChangeSerializer(serializers.ModelSerializer[Change]):
    service = serializers.CharField(source="service.slug", default=None, read_only=True)
    integration = serializers.CharField(source="integration.name", read_only=True)
    details: Any = serializers.DictField(read_only=True)
    links = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Change
        fields = ["id", "summary", "source", "service", "integration", "happened_at", "details",
                  "links"]  # fmt: skip
        read_only_fields = fields


class ChangeViewSet(OfIncident, viewsets.ViewSet):
    """What was deployed or switched around the time it began."""

    @extend_schema(responses=ChangeSerializer(many=True))
    def list(self, request: Request, number: int) -> Response:
        found = changes(self.incident, clock.now())
        return Response(ChangeSerializer(found, many=True).data)


class StandingSerializer(serializers.Serializer[Any]):
    group = serializers.CharField(source="slug")
    name = serializers.CharField(source="group")
    told_at = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True, help_text="a draft, for approval")
    goes_at = serializers.DateTimeField(allow_null=True, help_text="approved, with the next digest")
    due_at = serializers.DateTimeField(allow_null=True, help_text="they were promised word by then")
    overdue = serializers.BooleanField()
    failed = serializers.BooleanField(help_text="the last message reached nobody")


class StandingViewSet(OfIncident, viewsets.ViewSet):
    """Who outside the team has been told, what is due to them, and what waits for approval."""

    @extend_schema(responses=StandingSerializer(many=True))
    def list(self, request: Request, number: int) -> Response:
        found: Any = stakeholders(self.incident, at=clock.now())
        return Response(StandingSerializer(found, many=True).data)
