from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from monitoring import services
from monitoring.anomaly_words import explained, rarity
from monitoring.models import Anomaly, AnomalyQuerySet, Feedback, Kind
from teams.access import signed_in
from teams.domain.roles import Action


class AnomalySerializer(serializers.ModelSerializer[Anomaly]):
    metric_name = serializers.CharField(source="metric.name", read_only=True)
    labels = serializers.DictField(
        source="metric.labels", child=serializers.CharField(), read_only=True
    )
    lasts = serializers.SerializerMethodField()
    what = serializers.SerializerMethodField(help_text="in a sentence")
    rarity = serializers.SerializerMethodField(
        help_text="in a sentence; empty where it is not known"
    )

    class Meta:
        model = Anomaly
        fields = [
            "id", "metric", "metric_name", "labels", "at", "last_at", "until", "lasts", "reason",
            "view", "score", "bar", "probability", "value", "observed", "low", "high", "what",
            "rarity", "feedback", "feedback_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_lasts(self, one: Anomaly) -> bool:
        return one.lasts(clock.now())

    def get_what(self, one: Anomaly) -> str:
        return explained(one)

    def get_rarity(self, one: Anomaly) -> str:
        return rarity(one)


class FeedbackSerializer(serializers.Serializer[Any]):
    said = serializers.ChoiceField(choices=Feedback.choices, allow_blank=True)


class AnomalyViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Anomaly]
):
    """What was strange about what is measured, the newest first."""

    serializer_class = AnomalySerializer
    queryset = Anomaly.objects.select_related("metric")
    needs: ClassVar = {"feedback": Action.RESPOND}

    @extend_schema(
        parameters=[
            OpenApiParameter("metric", int, description="of this one"),
            OpenApiParameter("service", str, description="slug"),
            OpenApiParameter("kind", str, enum=list(Kind.values)),
            OpenApiParameter("lasts", bool, description="only those that last"),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: AnomalyQuerySet) -> AnomalyQuerySet:  # type: ignore[override]
        asked = self.request.query_params
        if (metric := asked.get("metric", "")).isdecimal() and len(metric) < 19:
            queryset = queryset.filter(metric=int(metric))
        if service := asked.get("service"):
            queryset = queryset.filter(metric__service__slug=service)
        if kind := asked.get("kind"):
            queryset = queryset.filter(metric__kind=kind)
        return queryset.open(clock.now()) if asked.get("lasts") == "true" else queryset

    @extend_schema(request=FeedbackSerializer, responses=AnomalySerializer)
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: str) -> Response:
        """Useful, noise, or taken back (empty); it moves the metric's bar."""
        asked = FeedbackSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = self.get_object()
        said = Feedback(asked.validated_data["said"])
        services.say(found, said, by=signed_in(request), at=clock.now())
        return Response(AnomalySerializer(self.get_object()).data)
