from typing import Any

from rest_framework import serializers, viewsets

from maintenance.models import Capacity, CapacityForecast
from monitoring.models import Metric


class CapacityForecastSerializer(serializers.ModelSerializer[CapacityForecast]):
    """Days ahead count from `until`; a date that is null lies beyond `horizon_days`."""

    reaches = serializers.JSONField(
        read_only=True,
        help_text="by scenario (today, users, site) and threshold (warning, full): likely, and the"
        " range from soonest to latest that holds it in 80 % of cases",
    )
    course = serializers.JSONField(
        read_only=True, help_text="a value a day: past, and from the day after `until` on the bands"
    )
    hours = serializers.JSONField(read_only=True, help_text="a value an hour, from `until` on")
    advice = serializers.JSONField(
        read_only=True, help_text="what to add, with all it was reckoned from; empty: nothing"
    )

    class Meta:
        model = CapacityForecast
        fields = [
            "at", "state", "detail", "until", "known_days", "horizon_days", "now", "pace",
            "changed_days", "reaches", "course", "hours", "advice",
        ]  # fmt: skip
        read_only_fields = fields


class CapacityMetricSerializer(serializers.ModelSerializer[Metric]):
    class Meta:
        model = Metric
        fields = ["id", "name", "labels"]
        read_only_fields = fields


class CapacitySerializer(serializers.ModelSerializer[Capacity]):
    title = serializers.CharField(source="__str__", read_only=True)
    metric = CapacityMetricSerializer(read_only=True)
    unit = serializers.CharField(source="metric.shown_in", read_only=True)
    forecast = serializers.SerializerMethodField()

    class Meta:
        model = Capacity
        fields = [
            "id", "title", "kind", "metric", "unit", "warning_at", "full_at", "pieces",
            "site_lost_percent", "forecast",
        ]  # fmt: skip
        read_only_fields = fields

    def get_forecast(self, capacity: Capacity) -> dict[str, Any] | None:
        found = getattr(capacity, "forecast", None)
        return CapacityForecastSerializer(found).data if found else None


class CapacityViewSet(viewsets.ReadOnlyModelViewSet[Capacity]):
    """What can run out, and when. Capacities are kept in the console."""

    queryset = Capacity.objects.select_related("metric", "forecast").order_by("id")
    serializer_class = CapacitySerializer
