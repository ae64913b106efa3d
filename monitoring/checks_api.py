from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from monitoring import services
from monitoring.models import Check, Kind
from monitoring.registry import collectors
from teams.api_once import once
from teams.models import Service

STATES = ("new", "ok", "failing", "hanging")


@extend_schema_field(serializers.FloatField(help_text="seconds"))
class SecondsField(serializers.Field):  # type: ignore[type-arg]
    def to_representation(self, value: timedelta) -> float:
        return value.total_seconds()

    def to_internal_value(self, data: Any) -> timedelta:
        try:
            return timedelta(seconds=float(data))
        except (TypeError, ValueError, OverflowError) as error:
            raise serializers.ValidationError(_("A number of seconds.")) from error


class ReadingSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField()
    labels = serializers.DictField(child=serializers.CharField())
    unit = serializers.CharField()


class CheckSerializer(serializers.ModelSerializer[Check]):
    collector = serializers.CharField(max_length=40, help_text="such as http, tcp or host")
    settings = serializers.DictField(help_text="what this collector wants to know")
    service = serializers.SlugRelatedField(
        slug_field="slug", queryset=Service.objects.all(), required=False, allow_null=True
    )
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    interval = SecondsField(required=False)
    timeout = SecondsField(required=False)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    no_data = serializers.BooleanField(source="silent", read_only=True)
    next_run_at = serializers.DateTimeField(source="due_at", read_only=True)
    took = serializers.FloatField(read_only=True, allow_null=True, help_text="seconds")
    readings = ReadingSerializer(many=True, read_only=True)

    class Meta:
        model = Check
        fields = [
            "id", "name", "collector", "settings", "host", "service", "kind", "severity",
            "interval", "timeout", "enabled", "state", "no_data", "last_run_at", "last_ok_at",
            "last_error", "took", "next_run_at", "readings",
        ]  # fmt: skip
        read_only_fields = ["last_run_at", "last_ok_at", "last_error"]

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        old = self.instance if isinstance(self.instance, Check) else None
        name = said.get("collector", old.collector if old else "")
        if name not in collectors:
            raise serializers.ValidationError({"collector": f"One of {', '.join(collectors)}."})
        said.setdefault("kind", old.kind if old else collectors[name].kind)
        kept = said.get("settings", old.settings if old else {})
        try:
            said["settings"] = collectors[name].cleaned(kept)
            Check(**{**_times(old), **said}).clean()
        except Invalid as error:
            faults = error.message_dict
            own = said.keys() | {"interval", "timeout"}
            about = faults if faults.keys() <= own else {"settings": faults}
            raise serializers.ValidationError(about) from error
        return said


def _times(old: Check | None) -> dict[str, timedelta]:
    return {"interval": old.interval, "timeout": old.timeout} if old else {}


class CheckViewSet(viewsets.ModelViewSet[Check]):
    """Reading for everybody; changing for administrators, as checks may go to inside addresses."""

    serializer_class = CheckSerializer
    queryset = Check.objects.select_related("service")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    @extend_schema(
        parameters=[
            OpenApiParameter("collector", str, description="only those that read this"),
            OpenApiParameter("state", str, enum=STATES),
        ]
    )
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        asked = request.query_params
        for name in ("collector", "state"):
            if value := asked.get(name):
                self.queryset = self.queryset.filter(**{name: value})
        return super().list(request, *args, **kwargs)

    @once
    def create(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: serializers.BaseSerializer[Check]) -> None:
        check = Check(**serializer.validated_data)
        serializer.instance = services.keep_check(check, at=clock.now())

    def perform_update(self, serializer: serializers.BaseSerializer[Check]) -> None:
        check, said = self.get_object(), dict(serializer.validated_data)
        paused = said.pop("enabled", check.enabled) is False
        for name, value in said.items():
            setattr(check, name, value)
        services.keep_check(check, at=clock.now())
        if paused == check.enabled:
            services.pause_check(check, on=paused, at=clock.now())
        check.refresh_from_db()
        serializer.instance = check

    def perform_destroy(self, instance: Check) -> None:
        services.remove_check(instance, at=clock.now())
