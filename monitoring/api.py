from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.severity import CHOICES
from monitoring.domain.alerts import KEEP_ONLY, STATUS_CHOICES
from monitoring.models import Alert, AlertQuerySet


class AlertSerializer(serializers.ModelSerializer[Alert]):
    integration = serializers.CharField(source="integration.name", read_only=True)
    sender = serializers.CharField(source="integration.source", read_only=True)
    dedup_key = serializers.CharField(source="key", read_only=True)
    status = serializers.ChoiceField(choices=STATUS_CHOICES, read_only=True)
    severity = serializers.ChoiceField(choices=[*CHOICES, (KEEP_ONLY, KEEP_ONLY)], read_only=True)
    labels = serializers.DictField(child=serializers.CharField(), read_only=True)
    incident = serializers.IntegerField(
        source="incident_link.incident_id", read_only=True, default=None, allow_null=True
    )

    because_of = serializers.IntegerField(
        source="because_of_id", read_only=True, allow_null=True,
        help_text="the alert because of which this one calls nobody, or did not",
    )  # fmt: skip

    class Meta:
        model = Alert
        fields = [
            "id", "integration", "sender", "dedup_key", "status", "severity", "title",
            "description", "service", "group", "labels", "url", "runbook_url", "count",
            "started_at", "received_at", "last_seen_at", "resolved_at", "expired", "incident",
            "muted_until", "because_of",
        ]  # fmt: skip


class AlertViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Alert]
):
    serializer_class = AlertSerializer
    queryset = Alert.objects.select_related("integration", "incident_link")

    @extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="words of the title, a key or a service"),
            OpenApiParameter("status", str, enum=["firing", "resolved"]),
            OpenApiParameter("severity", str, enum=["P0", "P1", "P2", "P3", "none"]),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: AlertQuerySet) -> AlertQuerySet:  # type: ignore[override]
        asked = self.request.query_params
        if words := asked.get("search"):
            queryset = queryset.search(words)
        if severity := asked.get("severity"):
            queryset = queryset.filter(severity=severity)
        if status := asked.get("status"):
            queryset = queryset.filter(resolved_at__isnull=status == "firing")
        return queryset
