from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.moments import MomentValue
from monitoring import services
from monitoring.models import MaintenanceWindow
from monitoring.quiet_api import QUIET, QuietSerializer, QuietViewSet
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import Service


class WindowSerializer(QuietSerializer):
    services: Any = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = MaintenanceWindow
        fields = ["id", "name", "services", "p0_breaks_through", *QUIET]
        read_only_fields = fields


class NewWindowSerializer(serializers.Serializer[MaintenanceWindow]):
    name = serializers.CharField(max_length=200, help_text="what is done")
    services: Any = serializers.SlugRelatedField(
        slug_field="slug", many=True, required=False, queryset=Service.objects.all(),
        help_text="none: all alerts are quiet",
    )  # fmt: skip
    starts_at = MomentValue(required=False, help_text="now, where nothing is said")
    ends_at = MomentValue()
    p0_breaks_through = serializers.BooleanField(
        required=False, default=True, help_text="P0 calls all the same"
    )


class WindowViewSet(QuietViewSet):
    """Somebody works on these services: what they say meanwhile calls nobody."""

    serializer_class = WindowSerializer
    queryset = MaintenanceWindow.objects.prefetch_related("services")
    lookup_value_converter = "int"
    needs = dict.fromkeys(("create", "end", "restore"), Action.COMMAND)
    over = _("This maintenance was over already.")
    passed = _("Its time has passed: make a new one.")

    @once
    @extend_schema(request=NewWindowSerializer, responses={201: WindowSerializer})
    def create(self, request: Request) -> Response:
        form = NewWindowSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        at = clock.now()
        said = {"starts_at": at} | form.validated_data
        made = services.plan_maintenance(by=person(request), at=at, **said)
        return Response(self._shown(made), status=status.HTTP_201_CREATED)
