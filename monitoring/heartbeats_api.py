"""Jobs that have to be heard of, by the API: kept and paused as on the pages."""

from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as Invalid
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.pagination import Pages
from core.severity import CHOICES
from monitoring import services
from monitoring.checks_api import SecondsField
from monitoring.domain.heartbeats import Kind, State
from monitoring.models import HeartbeatMonitor, Ping
from teams.api import person
from teams.api_once import once
from teams.domain.roles import Action
from teams.models import Service

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=366)


def sensible(span: timedelta) -> None:
    if not SHORTEST <= span <= LONGEST:
        raise Invalid(_("Between a minute and a year."))


class HeartbeatSerializer(serializers.ModelSerializer[HeartbeatMonitor]):
    service = serializers.SlugRelatedField(
        slug_field="slug", queryset=Service.objects.all(), required=False, allow_null=True
    )
    severity = serializers.ChoiceField(choices=CHOICES, required=False)
    period = SecondsField(required=False, validators=[sensible])
    grace = SecondsField(required=False, validators=[sensible])
    state = serializers.SerializerMethodField()
    address = serializers.URLField(read_only=True, help_text="where the job pings")
    too_late_at = serializers.DateTimeField(source="due_at", read_only=True)

    class Meta:
        model = HeartbeatMonitor
        fields = [
            "id", "name", "service", "severity", "period", "grace", "cron", "time_zone", "state",
            "address", "last_ping_at", "too_late_at",
        ]  # fmt: skip
        read_only_fields = ["last_ping_at"]

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in State]))
    def get_state(self, row: HeartbeatMonitor) -> str:
        return row.state(clock.now()).value

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        """As the form does: what no field judges by itself, such as the two together."""
        try:
            _changed(self.instance, said).clean_fields(exclude={"service", "key"})
        except Invalid as error:
            raise serializers.ValidationError(error.message_dict) from error
        return said


def _changed(old: Any, said: dict[str, Any]) -> HeartbeatMonitor:
    """A row of its own, so that a refusal leaves nothing changed."""
    names = [field.attname for field in HeartbeatMonitor._meta.concrete_fields]
    row = HeartbeatMonitor(**({name: getattr(old, name) for name in names} if old else {}))
    row._state.adding = old is None
    for name, value in said.items():
        setattr(row, name, value)
    return row


class PingSerializer(serializers.ModelSerializer[Ping]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind], read_only=True)
    took = SecondsField(read_only=True, help_text="seconds since it said that it started")

    class Meta:
        model = Ping
        fields = ["at", "kind", "exit_code", "took", "body", "sender"]
        read_only_fields = fields


class HeartbeatViewSet(viewsets.ModelViewSet[HeartbeatMonitor]):
    """Jobs that ping us: one that is late, or says that it failed, is an alert."""

    serializer_class = HeartbeatSerializer
    queryset = HeartbeatMonitor.objects.select_related("service")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")
    lookup_value_converter = "int"
    needs: ClassVar = dict.fromkeys(
        ("create", "partial_update", "destroy", "pause", "resume"), Action.COMMAND
    )

    @once
    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: serializers.BaseSerializer[HeartbeatMonitor]) -> None:
        said = {"time_zone": person(self.request).time_zone} | serializer.validated_data
        serializer.instance = services.keep(_changed(None, said))

    def perform_update(self, serializer: serializers.BaseSerializer[HeartbeatMonitor]) -> None:
        services.keep(_changed(serializer.instance, serializer.validated_data))
        serializer.instance = self.get_object()

    def perform_destroy(self, instance: HeartbeatMonitor) -> None:
        services.let_go(instance, at=clock.now())

    @extend_schema(request=None, responses=HeartbeatSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        """Nobody waits for it meanwhile. Said again, it changes nothing."""
        return self._paused(on=True)

    @extend_schema(request=None, responses=HeartbeatSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        """It has its whole time again: the pause is nobody's fault."""
        return self._paused(on=False)

    @extend_schema(responses=PingSerializer(many=True))
    @action(detail=True)
    def pings(self, request: Request, pk: int) -> Response:
        """The newest first."""
        pages, rows = Pages(), self.get_object().pings.all()
        told = PingSerializer(pages.paginate_queryset(rows, request) or [], many=True)
        return pages.get_paginated_response(told.data)

    def _paused(self, *, on: bool) -> Response:
        row = self.get_object()
        if row.paused != on:
            services.pause(row, on=on, at=clock.now())
        return Response(self.get_serializer(self.get_object()).data)
