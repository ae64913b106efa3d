from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import services
from monitoring.api import SEVERITIES
from monitoring.models import Integration, Route
from teams.domain.roles import Action


class RouteSerializer(serializers.ModelSerializer[Route]):
    integration = serializers.CharField(source="integration.name", default=None, read_only=True)
    service = serializers.CharField(source="service.slug", default=None, read_only=True)
    team = serializers.CharField(
        source="team.slug", default=None, read_only=True,
        help_text="called in place of the severity's team and the owners",
    )  # fmt: skip
    severity = serializers.ChoiceField(
        choices=SEVERITIES, read_only=True, help_text="empty: the sender's"
    )

    class Meta:
        model = Route
        fields = [
            "id", "position", "name", "enabled", "matchers", "integration", "service", "team",
            "severity",
            "how", "group_by",
        ]  # fmt: skip
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[Any]):
    integration: Any = serializers.SlugRelatedField(
        slug_field="name", queryset=Integration.objects.all(), help_text="the sender, by name"
    )
    labels = serializers.DictField(child=serializers.CharField(max_length=4000, allow_blank=True))


class SentSerializer(serializers.Serializer[Any]):
    route = serializers.IntegerField(source="route_id", allow_null=True)
    service = serializers.CharField(allow_blank=True)
    team = serializers.CharField(source="route.team.slug", default=None, allow_null=True)
    severity = serializers.ChoiceField(choices=SEVERITIES)
    group = serializers.CharField(allow_blank=True)


class RouteViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Route]
):
    """Where alerts go: the first route that fits decides. Routes are kept in the console."""

    serializer_class = RouteSerializer
    queryset = Route.objects.select_related("service", "team", "integration")
    lookup_value_converter = "int"
    needs = {"try_out": Action.READ}

    @extend_schema(request=AskedSerializer, responses=SentSerializer)
    @action(detail=False, methods=["post"], url_path="try", pagination_class=None)
    def try_out(self, request: Request) -> Response:
        """Where an alert of this sender with these labels would go. Nothing is kept."""
        form = AskedSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(SentSerializer(services.sent(**form.validated_data)).data)
