from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.fields import IntegerField
from rest_framework.request import Request
from rest_framework.response import Response

from core.severity import CHOICES
from monitoring.domain.alerts import KEEP_ONLY, STATES, STATUS_CHOICES
from monitoring.models import Alert, AlertQuerySet

SEVERITIES = [*CHOICES, (KEEP_ONLY, KEEP_ONLY)]


class AlertSerializer(serializers.ModelSerializer[Alert]):
    integration = serializers.CharField(source="integration.name", read_only=True)
    sender = serializers.CharField(source="integration.source", read_only=True)
    dedup_key = serializers.CharField(source="key", read_only=True)
    status = serializers.ChoiceField(choices=STATUS_CHOICES, read_only=True)
    severity = serializers.ChoiceField(choices=SEVERITIES, read_only=True)
    labels = serializers.DictField(child=serializers.CharField(), read_only=True)
    incident = serializers.IntegerField(
        source="incident_link.incident_id", read_only=True, default=None, allow_null=True
    )

    because_of = serializers.IntegerField(
        source="because_of_id", read_only=True, allow_null=True,
        help_text="the alert because of which this one calls nobody, or did not",
    )  # fmt: skip

    silence = serializers.UUIDField(
        source="silence_id",
        read_only=True,
        allow_null=True,
        help_text="that keeps it quiet, or did",
    )
    window = serializers.IntegerField(
        source="window_id", read_only=True, allow_null=True, help_text="the maintenance window"
    )
    route = serializers.IntegerField(source="route_id", read_only=True, allow_null=True)

    class Meta:
        model = Alert
        fields = [
            "id", "integration", "sender", "dedup_key", "status", "severity", "title",
            "description", "service", "group", "labels", "url", "runbook_url", "count",
            "started_at", "received_at", "last_seen_at", "resolved_at", "expired", "incident",
            "muted_until", "because_of", "silence", "window", "route", "flaps",
        ]  # fmt: skip


class AlertViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Alert]
):
    serializer_class = AlertSerializer
    queryset = Alert.objects.select_related("integration", "incident_link")

    @extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="words of the title, a key or a service"),
            OpenApiParameter("status", str, enum=[*STATES]),
            OpenApiParameter("severity", str, enum=["P0", "P1", "P2", "P3", "none"]),
            OpenApiParameter("incident", int, description="only its alerts"),
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
        if (incident := asked.get("incident")) is not None:
            queryset = queryset.filter(incident_link__incident=_number(incident))
        status = asked.get("status", "")
        if status and status not in STATES:
            raise ValidationError({"status": [f"One of {', '.join(STATES)}."]})
        return queryset.in_state(status)


def _number(asked: str) -> int:
    try:
        return int(IntegerField(min_value=1).run_validation(asked))
    except ValidationError as error:
        raise ValidationError({"incident": error.detail}) from error
