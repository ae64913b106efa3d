from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from monitoring.charting import POINTS, series, spread
from monitoring.models import Kind, Metric

USUAL: Final = timedelta(hours=1)
SHARES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
RANGE: Final = [
    OpenApiParameter("since", datetime, description="an hour before until, if left out"),
    OpenApiParameter("until", datetime, description="now, if left out"),
]
LONGEST: Final = timedelta(days=100 * 365)
EARLIEST: Final = 1971


class MetricSerializer(serializers.ModelSerializer[Metric]):
    labels = serializers.DictField(child=serializers.CharField(), read_only=True)
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True)
    service = serializers.CharField(source="service.slug", read_only=True, default=None)

    class Meta:
        model = Metric
        fields = ["id", "name", "labels", "unit", "kind", "service", "created_at", "last_at"]


class RangeSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    points = serializers.IntegerField(required=False, min_value=2, max_value=POINTS, default=POINTS)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        until: datetime = asked.setdefault("until", clock.now())
        if until.year <= EARLIEST:
            raise serializers.ValidationError({"until": "That is before anything was measured."})
        since: datetime = asked.setdefault("since", until - USUAL)
        if not (since.year >= EARLIEST and since < until <= since + LONGEST):
            raise serializers.ValidationError({"since": "Not before until, or too long before."})
        return asked


class BinSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    low = serializers.FloatField()
    mean = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()


class SeriesSerializer(serializers.Serializer[Any]):
    per_second = serializers.BooleanField(
        help_text="of a counter, whose name ends in _total, the bins say how fast it grew"
    )
    resolution = serializers.CharField(help_text="raw, 5m, 1h or 1d")
    step = serializers.SerializerMethodField(help_text="seconds")
    bins = BinSerializer(many=True)

    def get_step(self, found: Any) -> int:
        return int(found["step"].total_seconds())


class SpreadSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    count = serializers.IntegerField()
    p50 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)


class MetricViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Metric]
):
    serializer_class = MetricSerializer
    queryset = Metric.objects.select_related("service")

    @extend_schema(parameters=[OpenApiParameter("search", str, description="part of a name")])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        if words := request.query_params.get("search"):
            self.queryset = Metric.objects.select_related("service").filter(name__icontains=words)
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            *RANGE,
            OpenApiParameter("points", int, description=f"at most so many, up to {POINTS}"),
        ],
        responses=SeriesSerializer,
    )
    @action(detail=True, pagination_class=None)
    def samples(self, request: Request, pk: str) -> Response:
        """The metric's course, in the finest size that takes no more points than asked for.

        Of a counter it is how fast it grew, a second; beginning again at zero is no fall.
        """
        asked = RangeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        metric = self.get_object()
        found = series(metric.pk, **asked.validated_data)
        told = {"per_second": metric.grows, **asdict(found)}
        return Response(SeriesSerializer(told).data)

    @extend_schema(parameters=RANGE, responses=SpreadSerializer)
    @action(detail=True, pagination_class=None)
    def spread(self, request: Request, pk: str) -> Response:
        """How the metric's values, or a counter's speeds, are distributed, within 2 % of each.

        Of less than six hours exactly that time, from the samples; of more the whole hours that it
        touches, or far back the days, and what came since.
        """
        asked = RangeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        since, until = asked.validated_data["since"], asked.validated_data["until"]
        found = spread(self.get_object().pk, since, until)
        shares = {name: found.quantile(share) for name, share in SHARES.items()}
        told = {"since": since, "until": until, "count": found.count, **shares}
        return Response(SpreadSerializer(told).data)
