from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.severity import CHOICES
from monitoring.domain.logs.patterns import KINDS
from monitoring.models import LogFinding, LogKind, LogPattern, LogSource, LogTemplate
from monitoring.models.log_findings import FindingQuerySet, TemplateQuerySet


class LogSourceSerializer(serializers.ModelSerializer[LogSource]):
    kind = serializers.ChoiceField(choices=LogKind.choices, read_only=True)
    service = serializers.CharField(source="service.slug", read_only=True, default=None)

    class Meta:
        model = LogSource
        fields = [
            "id", "name", "kind", "place", "service", "enabled", "lines", "errors", "last_at",
            "lag_seconds", "lag_bytes", "lost", "trouble",
        ]  # fmt: skip


class LogPatternSerializer(serializers.ModelSerializer[LogPattern]):
    name = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    severity = serializers.ChoiceField(choices=CHOICES, read_only=True, allow_blank=True)
    service = serializers.CharField(source="service.slug", read_only=True, default=None)

    class Meta:
        model = LogPattern
        fields = [
            "id", "name", "name_ko", "name_en", "kind", "text", "exclude", "severity", "count", "within", "cooldown",
            "source", "service", "enabled", "matched", "last_at",
        ]  # fmt: skip


class LogFindingSerializer(serializers.ModelSerializer[LogFinding]):
    log = serializers.CharField(source="source.name", read_only=True)
    pattern_name = serializers.CharField(source="pattern.name", read_only=True, default=None)
    severity = serializers.ChoiceField(choices=CHOICES, read_only=True, allow_blank=True)
    before = serializers.ListField(child=serializers.CharField(), read_only=True)
    after = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = LogFinding
        fields = [
            "id", "log", "source", "pattern", "pattern_name", "template", "severity", "level",
            "at", "last_at", "over_at", "count", "line", "last_line", "before", "after",
        ]  # fmt: skip


class LogTemplateSerializer(serializers.ModelSerializer[LogTemplate]):
    log = serializers.CharField(source="source.name", read_only=True)

    class Meta:
        model = LogTemplate
        fields = [
            "id", "log", "source", "text", "example", "level", "count", "first_at", "last_at",
            "is_new", "acknowledged_at",
        ]  # fmt: skip


class LogSourceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[LogSource]
):
    """Logs that are followed, and how they fare."""

    serializer_class = LogSourceSerializer
    queryset = LogSource.objects.select_related("service")


class LogPatternViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[LogPattern]
):
    """What is looked for in them."""

    serializer_class = LogPatternSerializer
    queryset = LogPattern.objects.select_related("service")


class LogFindingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[LogFinding]
):
    """What was found, masked, with the lines around; the newest first."""

    serializer_class = LogFindingSerializer
    queryset = LogFinding.objects.select_related("source", "pattern")

    @extend_schema(
        parameters=[
            OpenApiParameter("source", int, description="of one log"),
            OpenApiParameter("pattern", int, description="of one pattern"),
            OpenApiParameter("status", str, enum=["open", "over"]),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: FindingQuerySet) -> FindingQuerySet:  # type: ignore[override]
        asked = self.request.query_params
        for name in ("source", "pattern"):
            if (number := asked.get(name, "")).isdecimal() and len(number) < 19:
                queryset = queryset.filter(**{name: int(number)})
        if status := asked.get("status"):
            queryset = queryset.filter(over_at__isnull=status == "open")
        return queryset


class LogTemplateViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[LogTemplate]
):
    """Kinds of errors, the one seen last first."""

    serializer_class = LogTemplateSerializer
    queryset = LogTemplate.objects.select_related("source")

    @extend_schema(
        parameters=[OpenApiParameter("new", bool, description="those nobody has said to know")]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: TemplateQuerySet) -> TemplateQuerySet:  # type: ignore[override]
        return queryset.new() if self.request.query_params.get("new") == "true" else queryset
